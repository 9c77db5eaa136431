"""The record of the demonstration is sealed by its worker, is whole, and has something for the auditor to look at."""

import os
import subprocess
import sys

import psycopg

from tests import databases


def test_record_is_whole_and_something_stands_out(world: str) -> None:
    name = f"sealed_world_{os.getpid()}"
    databases.copy_of(world, name)
    addresses = {each: databases.with_name(os.environ[each], name) for each in ("DATABASE_URL", "DATABASE_WORKER_URL")}
    environment = {**os.environ, **addresses, "DJANGO_SETTINGS_MODULE": "rasso.settings", "RASSO_MODE": "demonstration"}
    try:
        for command in ("seal_record", "verify_audit"):
            done = subprocess.run(
                [sys.executable, databases.ROOT / "manage.py", command],
                env={**environment, "RASSO_PROCESS": "worker"},
                cwd=databases.ROOT,
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
        assert "The record is whole: " in done.stdout
        with psycopg.connect(databases.admin_url(name)) as admin:
            kinds = {kind for (kind,) in admin.execute("SELECT kind FROM audit_signal")}
            assert {"OWN_NAME", "MANY_REFUSED"} <= kinds
            # Invented people at work do nothing that looks like anything else; one case of the story is restricted.
            assert kinds <= {"OWN_NAME", "MANY_REFUSED", "MANY_CASES", "PAST_THE_PRODUCT", "RESTRICTED"}
    finally:
        databases.drop(name)
