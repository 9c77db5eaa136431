#!/usr/bin/env python
"""Commands of this site; in development and demonstration they bring their own PostgreSQL and Valkey."""

import os
import sys

from django.core.management import execute_from_command_line

from kit import devservers


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rasso.settings")
    try:
        with devservers.for_this_mode():
            execute_from_command_line(sys.argv)
    except devservers.ServersError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
