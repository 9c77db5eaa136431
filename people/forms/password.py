"""The change of one's own password."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from people.models import User

LONGEST = 1000


def password_field(label: str, missing: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=LONGEST,
        error_messages={"required": missing, "max_length": f"Shorten it to {LONGEST:,} characters or fewer"},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class ChangePasswordForm(forms.Form):
    old_password = password_field("Your present password", "Enter your present password", "current-password")
    new_password = password_field(
        "Your new password",
        "Enter a new password",
        "new-password",
        "At least 15 characters. Three or four words that have nothing to do with each other are easy to remember.",
    )
    new_password_again = password_field("The new password again", "Enter the new password again", "new-password")

    def __init__(self, *args: Any, request: HttpRequest, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request, self.user = request, user

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        # By the way of the sign-in, so that guesses are counted and locked out as there.
        if authenticate(self.request, username=self.user.username, password=old) is None:
            raise ValidationError("This is not your present password. Check it and try again")
        return old

    def clean_new_password(self) -> str:
        new: str = self.cleaned_data["new_password"]
        reasons = [SENTENCES.get(str(error.code), str(error.message)) for error in errors_of(new, self.user)]
        if self.user.username in new.lower():
            reasons.append("Choose a password without your user name in it")
        if reasons:
            raise ValidationError(reasons)
        return new

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        new, again = answers.get("new_password"), answers.get("new_password_again")
        if new and again and again != new:
            self.add_error("new_password_again", "The two new passwords differ. Enter the same one twice")
        if new and new == answers.get("old_password"):
            self.add_error("new_password", "Choose another password than the present one")
        return answers


# What Django's validators find, in words that say what to do.
SENTENCES = {
    "password_too_short": "Choose a longer password: at least 15 characters",
    "password_too_common": "Choose another password: this one is on lists that attackers use",
}


def errors_of(password: str, user: User) -> list[ValidationError]:
    try:
        password_validation.validate_password(password, user)
    except ValidationError as found:
        return list(found.error_list)
    return []
