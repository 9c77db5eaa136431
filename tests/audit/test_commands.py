"""Commands that work with one login only say so in a sentence when they are run with another."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from manage import LOGINS


@pytest.mark.parametrize(
    ("command", "login"), [("verify_audit", "worker"), ("seal_record", "worker"), ("finish_disposals", "owner")]
)
def test_command_says_which_login_it_needs(command: str, login: str, settings: Any) -> None:
    assert LOGINS[command] == login
    for other in {"web", "worker", "owner"} - {login}:
        settings.PROCESS = other
        with pytest.raises(CommandError, match=f"Set RASSO_PROCESS={login}, or leave it unset"):
            call_command(command)
