"""Typed readers of the environment: each value is right, or the start stops with a sentence that says what to do."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Every setting there is, in the order of the README's table. A reader refuses a name that does not stand here.
SETTINGS = {
    "RASSO_MODE": "production (the default), development, demonstration or test",
    "RASSO_PROCESS": "web (the default), worker or owner: which database login this process uses; commands choose it themselves",
    "RASSO_POSTGRES_BIN": "directory of PostgreSQL server binaries for development, demonstration and tests",
    "RASSO_TEST_ALL": "1 makes a left-out test a failure",
    "SECRET_KEY": "secret of at least 50 characters that signs sessions and forms; or SECRET_KEY_FILE, a file that holds it",
    "RASSO_ACTOR_KEY": "secret of at least 50 characters that signs, for the database, who is asking; the same for web, worker and owner",
    "RASSO_ACTOR_KEY_FILE": "a file that holds it, instead",
    "SECOND_FACTOR": "required (the default in production): a passkey or a code app beside the password; or offered",
    "SECOND_FACTOR_KEY": "secret of at least 50 characters that encrypts code apps and recovery codes, for the web server only; or SECOND_FACTOR_KEY_FILE; a new one stands before the old, divided by a comma",
    "OPENID_ISSUER": "the force's own sign-in, by OpenID Connect: its https:// address; none unless it is named",
    "OPENID_CLIENT_ID": "what that sign-in calls this site; it sends browsers back to /accounts/force/back/",
    "OPENID_CLIENT_SECRET": "secret of at least 16 characters that it gave this site; or OPENID_CLIENT_SECRET_FILE",
    "OPENID_NAME": "what people call it; default your force's account",
    "OPENID_SECOND_FACTORS": "words by which its tokens (amr) name a second factor, divided by commas; default mfa",
    "ALLOWED_HOSTS": "names this site answers to, divided by commas",
    "PUBLIC_ADDRESS": "address that messages name; default https:// and the first of ALLOWED_HOSTS",
    "PROXIES": "how many of our own proxies add to X-Forwarded-For; default 1 in production, else 0",
    "DATABASE_URL": "PostgreSQL database with the login of the web server: postgresql://rasso_web:password@host/rasso",
    "DATABASE_WORKER_URL": "the same database with the login of the worker, rasso_worker",
    "DATABASE_OWNER_URL": "the same database with the login that migrates, rasso_owner",
    "DATABASE_ADMIN_URL": "login that may make roles and databases; for manage.py setup_roles only",
    "DATABASE_POOL": "most connections that one web process holds; default 8",
    "REDIS_URL": "broker of worker and clock: redis://host/0",
    "EMAIL_URL": "mail server: smtp://host:25 (the default is localhost), smtp+tls://user:password@host:587 or smtps://...:465",
    "EMAIL_FROM": "sender of messages",
    "EMAIL_FILE_PATH": "directory into which messages are written; not in production",
    "FORCE_PROFILE": "JE (the default) or EW: rule pack, words, calendar and offences",
    "FORCE_PREFIX": "letters that references begin with; default the profile's",
}

SECRET_LENGTH = 50


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False


class Environment:
    def __init__(self, values: Mapping[str, str] = os.environ) -> None:
        self.values = values

    def refuse_unknown(self) -> None:
        """Raise for a RASSO_* name that nobody reads: most likely a typing error. Also for those that no setting comes from."""
        for name in sorted(self.values):
            if name.startswith("RASSO_") and name not in SETTINGS:
                known = ", ".join(sorted(known for known in SETTINGS if known.startswith("RASSO_")))
                raise ImproperlyConfigured(f"{name} is not a setting of RASSO. Remove it, or use one of: {known}.")
        self.choice("RASSO_TEST_ALL", ("0", "1"), "0")
        binaries = self.optional("RASSO_POSTGRES_BIN")
        if binaries and not Path(binaries).is_dir():
            raise ImproperlyConfigured(f"RASSO_POSTGRES_BIN is “{binaries}”, which is not a directory.")

    def optional(self, name: str) -> str:
        assert name in SETTINGS, f"{name} is read but not documented in rasso/environment.py"
        return self.values.get(name, "")

    def text(self, name: str, default: str | None = None) -> str:
        value = self.optional(name) or default
        if not value:
            raise ImproperlyConfigured(f"{name} is missing. Set it in the environment; the README lists every setting.")
        return value

    def choice(self, name: str, options: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in options:
            raise ImproperlyConfigured(f"{name} is “{value}”. Use one of: {', '.join(options)}.")
        return value

    def matching(self, name: str, pattern: str, default: str, *, use: str) -> str:
        value = self.text(name, default)
        if not re.fullmatch(pattern, value):
            raise ImproperlyConfigured(f"{name} is “{value}”. Use {use}.")
        return value

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.optional(name).split(",") if word.strip()]

    def whole_number(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if not re.fullmatch("[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise ImproperlyConfigured(f"{name} is “{value}”. Use a whole number from {least} to {most}.")
        return int(value)

    def hosts(self, name: str) -> list[str]:
        """At least one name; a name for every host would let anybody choose what our links point to."""
        hosts = self.words(name)
        if not hosts:
            raise ImproperlyConfigured(f"{name} is missing. Set it to the names this site answers to, divided by commas.")
        if "*" in hosts:
            raise ImproperlyConfigured(f"{name} holds “*”, which is every name. Set it to the names this site answers to.")
        return hosts

    def secret(self, name: str, *, least: int = SECRET_LENGTH) -> str:
        """The value of NAME, or the content of the file that NAME_FILE names."""
        path = self.values.get(f"{name}_FILE")
        value = self._content(f"{name}_FILE", path) if path else self.text(name)
        if len(value) < least:
            raise ImproperlyConfigured(f"{name} is too short. Use at least {least} characters drawn at random.")
        return value

    def _content(self, name: str, path: str) -> str:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ImproperlyConfigured(f"{name} names “{path}”, which is not a file that can be read.") from None

    def mail_server(self, name: str, default: str) -> MailServer:
        address = self.text(name, default)
        parts = _split(address)
        if parts is None or parts.scheme not in MAIL_PORTS or not parts.hostname or parts.path not in ("", "/") or parts.query:
            # The value itself may hold a password, so it is not repeated.
            raise ImproperlyConfigured(
                f"{name} is not the address of a mail server. Use smtp://, smtp+tls:// or smtps://, then host:port."
            )
        return MailServer(
            host=parts.hostname,
            port=parts.port or MAIL_PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            starts_tls=parts.scheme == "smtp+tls",
            is_tls=parts.scheme == "smtps",
        )


MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts
