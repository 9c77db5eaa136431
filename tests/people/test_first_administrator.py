"""The way in to a new installation, by its command."""

import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from people.models import RoleAssignment, User
from people.roles import Role
from tests.people.signing_in import is_signed_in, sign_in
from tests.worlds import Force, building

GIVEN = {"organisation": "Invented Police", "username": "first.admin", "given_name": "Fay", "family_name": "Firstbury"}


@pytest.fixture
def owner(settings: Any, db: None) -> Any:
    """As the owner of the database, who alone may do this."""
    settings.PROCESS = "owner"
    with building(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE rasso_owner")
        yield
        cursor.execute("RESET ROLE")


def enrol_first(**changed: str) -> str:
    out = io.StringIO()
    call_command("enrol_first_administrator", stdout=out, **{**GIVEN, **changed})
    return out.getvalue()


def test_somebody_gets_in_and_nobody_after_them(owner: None) -> None:
    said = re.search(r"shown this once: ([a-z-]{24})\n", enrol_first())
    assert said
    user = User.objects.get(username="first.admin")
    assert user.must_change_password and user.check_password(said[1])
    assert list(RoleAssignment.objects.filter(user=user).values_list("role", flat=True)) == [Role.ADMINISTRATOR]
    with pytest.raises(CommandError, match="There is an administrator already"):
        enrol_first(username="second.admin")


def test_when_the_last_has_left_there_is_a_way_in_again(force: Force, owner: None) -> None:
    with pytest.raises(CommandError, match="There is an administrator already"):
        enrol_first()
    RoleAssignment.objects.filter(role=Role.ADMINISTRATOR).update(ends_on="2020-01-02")
    enrol_first()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"username": "First Admin"}, "Use small letters"),
        ({"given_name": " "}, "Missing: Given name"),
        ({"email": "x"}, "valid email"),
    ],
)
def test_what_is_wrong_is_said(owner: None, changed: dict[str, str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        enrol_first(**changed)
    assert not User.objects.exists()


def test_web_process_cannot(db: None) -> None:
    with pytest.raises(CommandError, match="Only the owner of the database"):
        enrol_first()
    assert not is_signed_in(Client()) and sign_in(Client(), "first.admin").status_code == 422
