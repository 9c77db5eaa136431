from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from people.forms.people import USERNAME
from people.models import Organisation
from people.passwords import new_first_password
from people.roles import OrganisationKind

ASKED = {
    "organisation": "Name of the police force",
    "username": "User name (small letters, digits, dots and hyphens)",
    "given_name": "Given name",
    "family_name": "Family name",
}


class Command(BaseCommand):
    help = (
        "Enrols the first administrator of a new installation, who enrols everybody else on the page People. Asks for what no option "
        "says, and prints a first password, once. Refuses as soon as there is an administrator who can sign in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, what in ASKED.items():
            parser.add_argument(f"--{name.replace('_', '-')}", help=what)
        parser.add_argument("--email", default="", help="address for messages; may be left out")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PROCESS != "owner":
            raise CommandError("Only the owner of the database can do this. Set RASSO_PROCESS=owner.")
        given = {name: (options[name] or input(f"{what}: ")).strip() for name, what in ASKED.items()}
        self.refuse_wrong(given, options["email"])
        password = new_first_password()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                force, _ = Organisation.objects.get_or_create(
                    name=given.pop("organisation"), defaults={"kind": OrganisationKind.POLICE}
                )
                cursor.execute(
                    "SELECT rasso.enrol_first_administrator(%s, %s, %s, %s, %s, %s)",
                    [*given.values(), options["email"], force.pk, make_password(password)],
                )
        except ProgrammingError as refused:
            if "there is an administrator" not in str(refused):
                raise
            raise CommandError("There is an administrator already. They enrol others on the page People.") from None
        self.stdout.write(f"First password, shown this once: {password}\nThey must choose their own when they sign in.")

    @staticmethod
    def refuse_wrong(given: dict[str, str], email: str) -> None:
        missing = [ASKED[name] for name, text in given.items() if not text]
        if missing:
            raise CommandError(f"Missing: {', '.join(missing)}.")
        try:
            USERNAME(given["username"])
            if email:
                validate_email(email)
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from None
