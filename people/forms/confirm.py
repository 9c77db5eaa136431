"""What people type to prove once more who they are."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from people.forms.password import password_field
from people.models import User


class ConfirmPasswordForm(forms.Form):
    password = password_field("Your password", "Enter your password", "current-password")

    def __init__(self, *args: Any, request: HttpRequest, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request, self.user = request, user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        # By the way of the sign-in, so that guesses are counted and locked out as there.
        if authenticate(self.request, username=self.user.username, password=password) is None:
            raise ValidationError("This is not your password. Check it and try again")
        return password
