import os
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
import psycopg
from django.core.management.base import BaseCommand, CommandError

from kit.postgres.roles import make_database, make_roles


class Command(BaseCommand):
    help = (
        "Makes the database roles once per server, and the database if it is missing. Connects with DATABASE_ADMIN_URL, "
        "whose login must be able to create roles and databases. Passwords come from the addresses of web, owner and worker."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        admin = os.environ.get("DATABASE_ADMIN_URL")
        if not admin:
            raise CommandError(
                "DATABASE_ADMIN_URL is missing. Set it to the address of a login that may create roles and databases."
            )
        owner = os.environ.get("DATABASE_OWNER_URL")
        if not owner:
            raise CommandError("DATABASE_OWNER_URL is missing. Set it to the address with which migrations run.")
        addresses = [os.environ.get(name, "") for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL")]
        passwords = {
            unquote(parts.username or ""): unquote(parts.password or "") for parts in map(urlsplit, addresses) if parts.password
        }
        name = str(dj_database_url.parse(owner)["NAME"])
        with psycopg.connect(admin, autocommit=True) as connection:
            make_roles(connection, passwords)
            make_database(connection, name)
        self.stdout.write(f"Roles are ready; database {name} is there.")
