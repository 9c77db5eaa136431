"""Signing in through the page, as a browser would."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from people.models import User

PASSWORD = "correct horse battery staple"
SIGN_IN = "/accounts/login/"


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save_password()
    return user


def sign_in(client: Client, username: str = "investigator", password: str = PASSWORD, **more: Any) -> HttpResponse:
    fields = {"login": username, "password": password}
    if "next" in more:
        fields["next"] = more.pop("next")
    return client.post(SIGN_IN, fields, **more)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def comparable(answer: HttpResponse, username: str) -> str:
    """The page without what differs by the moment and by what was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|data-now="[^"]*"', "", answer.content.decode())
    return page.replace(f'value="{username}"', 'value=""')
