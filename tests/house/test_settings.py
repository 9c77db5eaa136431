"""What the environment may say, and what a production process refuses."""

import ast
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from psycopg import sql

from rasso.environment import SETTINGS, Environment, MailServer
from tests import databases

ROOT = Path(__file__).resolve().parents[2]
OURS = (
    "RASSO_",
    "DATABASE_",
    "REDIS_",
    "DJANGO_",
    "SECRET_",
    "SECOND_",
    "OPENID_",
    "ALLOWED_",
    "EMAIL_",
    "FORCE_",
    "PUBLIC_",
    "PROXIES",
)
PRODUCTION = {
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "RASSO_ACTOR_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "SECOND_FACTOR_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "rasso.example",
    "DATABASE_URL": "postgresql://rasso_web@database.invalid/rasso",
    "DATABASE_WORKER_URL": "postgresql://rasso_worker@database.invalid/rasso",
    "DATABASE_OWNER_URL": "postgresql://rasso_owner@database.invalid/rasso",
    "REDIS_URL": "redis://broker.invalid/0",
}


def scrubbed(values: dict[str, str]) -> dict[str, str]:
    """The environment of this process without anything of ours, and then these."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith(OURS)}, **values}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The settings as these values make them, beside those that this process runs on."""

    def read(**values: str) -> dict[str, Any]:
        for name in list(os.environ):
            monkeypatch.delenv(name) if name.startswith(OURS) else None
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "rasso" / "settings.py"))

    return read


# Production ----------------------------------------------------------------------------------------------------------


def test_production_is_what_one_gets_unasked(read: Any) -> None:
    settings = read(**PRODUCTION)
    assert settings["MODE"] == "production"
    assert not settings["DEBUG"]
    assert not settings["DEMONSTRATION"]
    assert settings["DEMONSTRATION_PASSWORD"] is None


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECOND_FACTOR_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
@pytest.mark.parametrize("value", [None, ""])
def test_production_refuses_a_missing(read: Any, name: str, value: str | None) -> None:
    values = {**PRODUCTION, name: value}
    with pytest.raises(ImproperlyConfigured, match=f"{name} is missing. "):
        read(**{name: value for name, value in values.items() if value is not None})


@pytest.mark.parametrize(("process", "name"), [("worker", "DATABASE_WORKER_URL"), ("owner", "DATABASE_OWNER_URL")])
def test_each_process_needs_its_own_login(read: Any, process: str, name: str) -> None:
    values = {**PRODUCTION, "RASSO_PROCESS": process}
    assert read(**values)["DATABASES"]["default"]["USER"] == f"rasso_{process}"
    del values[name]
    with pytest.raises(ImproperlyConfigured, match=f"{name} is missing. "):
        read(**values)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is too short. Use at least 50 characters"),
        ("SECRET_KEY_FILE", "/nowhere", "SECRET_KEY_FILE names “/nowhere”, which is not a file that can be read."),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS holds “*”"),
        ("ALLOWED_HOSTS", " , ", "ALLOWED_HOSTS is missing"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL must name a PostgreSQL database: postgresql://"),
        ("DATABASE_URL", "sqlite:////tmp/db", "DATABASE_URL must name a PostgreSQL database"),
        ("DATABASE_URL", "postgresql://rasso_web@database.invalid", "DATABASE_URL must name a PostgreSQL database"),
        ("DATABASE_POOL", "0", "DATABASE_POOL is “0”. Use a whole number from 1 to 100."),
        ("DATABASE_POOL", "²", "DATABASE_POOL is “²”. Use a whole number from 1 to 100."),
        ("PROXIES", "-1", "PROXIES is “-1”. Use a whole number from 0 to 5."),
        ("PUBLIC_ADDRESS", "http://rasso.example", "PUBLIC_ADDRESS is “http://rasso.example”. Use https:// and a host"),
        ("FORCE_PROFILE", "FR", "FORCE_PROFILE is “FR”. Use one of: JE, EW."),
        ("FORCE_PREFIX", "je/", "FORCE_PREFIX is “je/”. Use one to eight capital letters."),
        ("EMAIL_URL", "localhost:25", "EMAIL_URL is not the address of a mail server. Use smtp://"),
        ("RASSO_MODE", "live", "RASSO_MODE is “live”. Use one of: production, development, demonstration, test."),
        ("RASSO_PROCESS", "Web", "RASSO_PROCESS is “Web”. Use one of: web, worker, owner."),
        ("RASSO_TEST_ALL", "yes", "RASSO_TEST_ALL is “yes”. Use one of: 0, 1."),
        ("RASSO_POSTGRES_BIN", "/nowhere", "RASSO_POSTGRES_BIN is “/nowhere”, which is not a directory."),
        ("RASSO_MOED", "demonstration", "RASSO_MOED is not a setting of RASSO. Remove it, or use one of: RASSO_"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(read: Any, name: str, value: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read(**{**PRODUCTION, name: value})
    assert str(refused.value).startswith(sentence)
    assert str(refused.value).endswith(".")


def test_secret_may_stand_in_a_file(read: Any, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(PRODUCTION["SECRET_KEY"] + "\n")
    values = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    assert read(**values, SECRET_KEY_FILE=str(file))["SECRET_KEY"] == PRODUCTION["SECRET_KEY"]


def test_production_cookies_belong_to_this_host_and_https_only(read: Any) -> None:
    settings = read(**PRODUCTION)
    for cookie in ("SESSION_COOKIE", "CSRF_COOKIE"):
        assert settings[f"{cookie}_NAME"].startswith("__Host-")
        assert settings[f"{cookie}_SECURE"] is True
        assert settings[f"{cookie}_HTTPONLY"] is True
        assert settings[f"{cookie}_SAMESITE"] == "Lax"
        # Either would make browsers refuse a __Host- cookie.
        assert f"{cookie}_DOMAIN" not in settings
        assert f"{cookie}_PATH" not in settings
    assert settings["SECURE_HSTS_SECONDS"] == 63_072_000


# Mail ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 25)),
        ("smtp://mail.example:2525/", MailServer("mail.example", 2525)),
        ("smtp+tls://rasso:p%40ss@mail.example", MailServer("mail.example", 587, "rasso", "p@ss", starts_tls=True)),
        ("smtps://rasso:secret@[2001:db8::1]", MailServer("2001:db8::1", 465, "rasso", "secret", is_tls=True)),
    ],
)
def test_mail_server_is_read_from_one_address(address: str, server: MailServer) -> None:
    assert Environment({"EMAIL_URL": address}).mail_server("EMAIL_URL", "smtp://localhost") == server


@pytest.mark.parametrize(
    "address",
    ["imap://me:hidden@mail.example", "smtp://me:hidden@", "smtp://me:hidden@h:port", "smtp://h/me:hidden", "smtp://h?hidden"],
)
def test_wrong_mail_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        Environment({"EMAIL_URL": address}).mail_server("EMAIL_URL", "smtp://localhost")
    assert "hidden" not in str(refused.value)


def test_production_sends_through_that_server(read: Any) -> None:
    settings = read(**PRODUCTION, EMAIL_URL="smtp+tls://rasso:secret@mail.example")
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    assert [settings[f"EMAIL_{name}"] for name in names] == ["mail.example", 587, "rasso", "secret", True, False]


def test_only_production_sends_to_a_server(read: Any) -> None:
    settings = read(RASSO_MODE="demonstration", EMAIL_URL="smtp://mail.example")
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"


# Documents -----------------------------------------------------------------------------------------------------------


def test_setting_that_is_not_documented_cannot_be_read() -> None:
    with pytest.raises(AssertionError, match="SURPRISE is read but not documented"):
        Environment({"SURPRISE": "1"}).optional("SURPRISE")


def test_documented_settings_are_read_somewhere() -> None:
    sources = [ROOT / "manage.py", *(ROOT / "rasso").rglob("*.py"), *(ROOT / "kit").rglob("*.py"), ROOT / "tests" / "conftest.py"]
    trees = [ast.parse(path.read_text()) for path in sources if path.name != "environment.py"]
    texts = {
        node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    # Refused above when they are not what they must be, and read by the tests and the starter of servers.
    # And a secret may stand in a file.
    assert {
        name for name in SETTINGS if name == name.removesuffix("_FILE") or name.removesuffix("_FILE") not in SETTINGS
    } <= texts


# Whole processes -----------------------------------------------------------------------------------------------------


def run(*command: str, **values: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], env=scrubbed(values), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_deployment_check_is_clean_and_silences_nothing(read: Any) -> None:
    assert "SILENCED_SYSTEM_CHECKS" not in read(**PRODUCTION)
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced).")


def test_start_ends_with_the_sentence_alone() -> None:
    done = run("manage.py", "check", **{**PRODUCTION, "DATABASE_URL": ""})
    assert done.returncode == 1
    assert done.stderr == "DATABASE_URL is missing. RASSO needs PostgreSQL 15 or later; set DATABASE_URL to its address.\n"


@pytest.fixture
def demonstration(django_db_setup: None) -> dict[str, str]:
    """Production settings, with a demonstration behind them."""
    return production_with(databases.template())


@pytest.fixture
def empty(django_db_setup: None) -> Iterator[dict[str, str]]:
    """Production settings, with a database that holds nothing yet."""
    name = f"empty_{os.getpid()}"
    with psycopg.connect(databases.admin_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 OWNER rasso_owner").format(sql.Identifier(name)))
    yield production_with(name)
    databases.drop(name)


def production_with(name: str) -> dict[str, str]:
    addresses = ("DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_OWNER_URL")
    return {**PRODUCTION, **{address: databases.with_name(os.environ[address], name) for address in addresses}}


@pytest.mark.parametrize("module", ["rasso.wsgi", "rasso.celery"])
def test_production_does_not_start_on_a_demonstration(module: str, demonstration: dict[str, str]) -> None:
    done = run("-c", f"import {module}", **demonstration)
    assert done.returncode == 1
    assert "This database holds the demonstration: invented people with a known password" in done.stderr


@pytest.mark.parametrize("module", ["rasso.wsgi", "rasso.celery"])
def test_production_starts_on_another_database(module: str, empty: dict[str, str]) -> None:
    done = run("-c", f"import {module}", **empty)
    assert done.returncode == 0, done.stderr
    # It did ask: the warning of a database that is away would stand here.
    assert "rasso.started_without_database" not in done.stderr


def test_demonstration_starts_on_a_demonstration(demonstration: dict[str, str]) -> None:
    done = run("-c", "import rasso.wsgi", **demonstration, RASSO_MODE="demonstration")
    assert done.returncode == 0, done.stderr


def test_check_of_the_database_names_the_demonstration(demonstration: dict[str, str]) -> None:
    done = run("manage.py", "check", "--database", "default", **demonstration)
    assert done.returncode == 1
    assert "(rasso.E001) This database holds the demonstration" in done.stderr
    assert "rasso.E002" not in done.stderr


def test_check_of_the_database_refuses_a_login_above_the_policies(empty: dict[str, str]) -> None:
    for above in (os.environ["DATABASE_ADMIN_URL"], os.environ["DATABASE_OWNER_URL"]):
        name = databases.urlsplit(empty["DATABASE_URL"]).path[1:]
        done = run("manage.py", "check", "--database", "default", **{**empty, "DATABASE_URL": databases.with_name(above, name)})
        assert "(rasso.E002) The login of this process is not bound by row-level security" in done.stderr
        assert "rasso.E001" not in done.stderr


def test_production_worker_needs_a_broker(empty: dict[str, str]) -> None:
    done = run("-c", "import rasso.celery", **{**empty, "REDIS_URL": ""})
    assert "REDIS_URL is missing." in done.stderr


def test_production_starts_while_the_database_is_away() -> None:
    """A restart during an outage must not make it longer; /health/ready says when it is over."""
    away = {name: value.replace("database.invalid", "127.0.0.1:1") for name, value in PRODUCTION.items()}
    done = run("-c", "import rasso.wsgi", **away)
    assert done.returncode == 0
    assert "rasso.started_without_database" in done.stderr
