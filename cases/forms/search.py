"""The one box of the search."""

from django import forms
from django.core.exceptions import ValidationError

from kit.fields import PlainTextField

LONGEST = 100
SHORTEST = 2
MOST_WORDS = 6
TOO_SHORT = "Enter at least two letters or digits of a reference, a crime number or a name"


class SearchForm(forms.Form):
    words = PlainTextField(
        label="Reference, crime number, or name of a victim or suspect",
        help_text="The beginning is enough: 42, JE-2026-0, smi. Several words narrow it down: ann smi.",
        max_length=LONGEST,
        error_messages={"required": TOO_SHORT},
        widget=forms.TextInput(attrs={"type": "search", "class": "govuk-input--width-30", "spellcheck": "false"}),
    )

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"])
        letters = [sum(character.isalnum() for character in word) for word in words.split()]
        if max(letters, default=0) < SHORTEST:
            raise ValidationError(TOO_SHORT)
        if len(letters) > MOST_WORDS:
            raise ValidationError(f"Enter at most {MOST_WORDS} words")
        return words
