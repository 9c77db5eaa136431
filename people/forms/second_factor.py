"""Codes and passkeys as they are sent: what they hold is judged by the caller (people/second_factor.py)."""

import json
from typing import Any

from django import forms

from kit.fields import PlainTextField

WRONG_CODE = "This code is wrong, or was used already. Wait for the next one and enter that"
NO_PASSKEY = "The browser sent no passkey. Try again, or use another way"
LONGEST_ANSWER = 20_000


class CodeForm(forms.Form):
    code = PlainTextField(
        label="Code",
        help_text="Six digits from the app on your phone, or one of your recovery codes.",
        max_length=20,
        error_messages={"required": "Enter the code"},
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-10",
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
            }
        ),
    )


class NewAppForm(CodeForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].help_text = "The six digits that the app shows now."


class PasskeyForm(forms.Form):
    """What the browser answered; a script puts it there."""

    credential = forms.CharField(
        widget=forms.HiddenInput,
        max_length=LONGEST_ANSWER,
        error_messages={"required": NO_PASSKEY, "max_length": NO_PASSKEY},
    )

    def clean_credential(self) -> Any:
        try:
            return json.loads(self.cleaned_data["credential"])
        except (ValueError, RecursionError):
            raise forms.ValidationError(NO_PASSKEY) from None


class NewPasskeyForm(PasskeyForm):
    name = PlainTextField(
        label="Name of this passkey",
        help_text="So that you know it again, such as “Work laptop” or “Key on my ring”.",
        max_length=60,
        error_messages={"required": "Enter a name for the passkey"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    field_order = ("name", "credential")
