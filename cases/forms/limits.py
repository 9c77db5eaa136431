"""Forms of a supervisor on a time limit: a coded reason, and words."""

from django import forms

from cases.enums import NotApplicable, Suspension
from kit.fields import NarrativeField, OneChoiceField

SHORT_TEXT = 2000


def words(label: str, missing: str, help_text: str = "") -> NarrativeField:
    return NarrativeField(
        label=label,
        help_text=help_text,
        max_length=SHORT_TEXT,
        error_messages={"required": missing},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SuspendLimitForm(forms.Form):
    why = OneChoiceField(
        label="Why must it stand still for now?",
        choices=Suspension.choices,
        error_messages={"required": "Choose why it must stand still for now"},
    )
    text = words("In your own words", "Say why, in your own words", "Say also when to look at it again.")


class ResumeLimitForm(forms.Form):
    text = words("What has changed, so that it can run again?", "Say what has changed")


class StopLimitForm(forms.Form):
    why = OneChoiceField(
        label="Why does it not apply?",
        choices=NotApplicable.choices,
        error_messages={"required": "Choose why it does not apply"},
    )
    text = words("In your own words", "Say why, in your own words")


class RestartLimitForm(forms.Form):
    text = words("Why does it apply after all?", "Say why it applies after all")
