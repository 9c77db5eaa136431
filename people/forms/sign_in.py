"""What people type to sign in."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms

from people.models import User


class SignIn(LoginForm):
    """allauth's form with our words. The field is called ``login``, as allauth's own code expects."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label="User name",
            max_length=User._meta.get_field("username").max_length,
            error_messages={"required": "Enter your user name."},
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        )
        self.fields["password"] = forms.CharField(
            label="Password",
            strip=False,
            max_length=1000,
            error_messages={"required": "Enter your password."},
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        self.order_fields(["login", "password"])
