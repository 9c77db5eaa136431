"""Forms of a supervisor on a time limit: a coded reason, and words."""

from datetime import date, timedelta
from typing import Any

from django import forms

from cases.enums import NotApplicable, Suspension
from kit.fields import NarrativeField, OneChoiceField, ThreeBoxDateField, refusal

SHORT_TEXT = 2000
# Whatever stands still longer has to be looked at in between.
LONGEST = timedelta(days=92)


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
    text = words("In your own words", "Say why, in your own words")
    look_again_on = ThreeBoxDateField(
        label="Look at it again on",
        help_text="The page of the case shows this day to everybody who sees it. Nothing stands still for ever.",
        error_messages={"required": "Enter the day on which to look at it again"},
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_look_again_on(self) -> date:
        day: date = self.cleaned_data["look_again_on"]
        if not self.today < day <= self.today + LONGEST:
            raise refusal("Enter a day after today and within three months", ["day", "month", "year"])
        return day


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
