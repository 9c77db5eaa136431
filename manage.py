#!/usr/bin/env python
"""Commands of this site; in development and demonstration they bring their own PostgreSQL and Valkey."""

import os
import sys

from kit import devservers


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rasso.settings")
    try:
        with devservers.for_this_mode():
            run(sys.argv)
    except devservers.ServersError as error:
        sys.exit(str(error))


def run(arguments: list[str]) -> None:
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed for this Python. Use .venv/bin/python, which `make` sets up.")
    execute_from_command_line(arguments)


if __name__ == "__main__":
    main()
