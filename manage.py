#!/usr/bin/env python
"""Commands of this site; in development and demonstration they bring their own PostgreSQL and Valkey."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from kit import devservers

# Which database login a command works with, unless RASSO_PROCESS says it; all others work as the web server does.
LOGINS = {
    "migrate": "owner",
    "install_demonstration_clock": "owner",
    "demonstration": "owner",
    "seed": "owner",
    "enrol_first_administrator": "owner",
    "send_reminders": "worker",
    "seal_record": "worker",
    "verify_audit": "worker",
    "finish_disposals": "owner",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rasso.settings")
    os.environ.setdefault("RASSO_PROCESS", LOGINS.get("".join(sys.argv[1:2]), "web"))
    try:
        with devservers.for_this_mode():
            execute_from_command_line(sys.argv)
    except (devservers.ServersError, ImproperlyConfigured) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
