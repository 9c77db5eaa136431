"""The forms of emergency access: why somebody opens a case, and what the review found."""

import re
from typing import Any

from django import forms

from cases.models.emergency import EmergencyFinding, EmergencyReason
from kit.converters import Reference
from kit.fields import NarrativeField, OneChoiceField, PlainTextField, Radios


def reference_field() -> PlainTextField:
    return PlainTextField(
        label="Reference of the case",
        help_text="For example JE-2026-00042.",
        max_length=20,
        error_messages={"required": "Enter the reference of the case"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocapitalize": "characters", "spellcheck": "false"}),
    )


def reference_in(typed: str) -> str:
    """The reference as it stands in addresses; raises where it cannot be one."""
    reference = typed.strip().upper()
    if not re.fullmatch(Reference.regex, reference):
        raise forms.ValidationError("Enter a reference like JE-2026-00042")
    return reference


class OpenEmergencyForm(forms.Form):
    reference = reference_field()
    why = OneChoiceField(
        label="Why do you need it now?",
        choices=EmergencyReason.choices,
        widget=Radios(),
        error_messages={"required": "Choose why you need the case now"},
    )
    words = NarrativeField(
        label="What has happened, and what will you do?",
        help_text="One or two sentences. The supervisor of the case and the auditor read this. Give no names.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what has happened and what you will do"},
    )

    def clean_reference(self) -> str:
        return reference_in(self.cleaned_data["reference"])


class ReviewEmergencyForm(forms.Form):
    """``by_auditor``: whether whoever reviews is the auditor, who decides what follows."""

    found = OneChoiceField(
        label="Was it justified?",
        choices=EmergencyFinding.choices,
        widget=Radios(),
        error_messages={"required": "Choose whether it was justified"},
    )
    words = NarrativeField(
        label="How do you know?",
        help_text="Whom did you ask, what was done with it? Give no names of victims or suspects.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say in a sentence how you know"},
    )

    def __init__(self, *args: Any, by_auditor: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        follows = "You decide" if by_auditor else "The auditor sees it at once, and decides"
        hints = {EmergencyFinding.NOT_JUSTIFIED: f"{follows} whether professional standards hear of it."}
        self.fields["found"].widget.hints = hints
