"""Typed readers of the environment: each value is right, or the start stops with a sentence that says what to do."""

import os
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

KNOWN = {
    "RASSO_MODE": "production (the default), development, demonstration or test",
    "RASSO_PROCESS": "web (the default), worker or owner: which database login this process uses",
    "RASSO_TEST_ALL": "1 makes a left-out test a failure",
    "RASSO_POSTGRES_BIN": "directory of PostgreSQL server binaries for development, demonstration and tests",
}


class Environment:
    def __init__(self, values: Mapping[str, str] = os.environ) -> None:
        self.values = values

    def refuse_unknown(self) -> None:
        """Raise for a RASSO_* name that nobody reads: most likely a typing error."""
        for name in sorted(self.values):
            if name.startswith("RASSO_") and name not in KNOWN:
                known = ", ".join(sorted(KNOWN))
                raise ImproperlyConfigured(f"{name} is not a setting of RASSO. Remove it, or use one of: {known}.")

    def text(self, name: str, default: str | None = None) -> str:
        value = self.values.get(name, default)
        if value is None or value == "":
            raise ImproperlyConfigured(f"{name} is missing. Set it in the environment; the README lists every setting.")
        return value

    def choice(self, name: str, options: tuple[str, ...], default: str) -> str:
        value = self.values.get(name) or default
        if value not in options:
            raise ImproperlyConfigured(f"{name} is “{value}”. Use one of: {', '.join(options)}.")
        return value

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.values.get(name, default).split(",") if word.strip()]

    def whole_number(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.values.get(name) or str(default)
        if not value.isdigit() or not least <= int(value) <= most:
            raise ImproperlyConfigured(f"{name} is “{value}”. Use a whole number from {least} to {most}.")
        return int(value)

    def secret(self, name: str) -> str:
        """The value of NAME, or the content of the file that NAME_FILE names."""
        path = self.values.get(f"{name}_FILE")
        if not path:
            return self.text(name)
        if not Path(path).is_file():
            raise ImproperlyConfigured(f"{name}_FILE names “{path}”, which is not a file that can be read.")
        return Path(path).read_text(encoding="utf-8").strip()
