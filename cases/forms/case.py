"""Short forms on a case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from cases.enums import ADDED_BY_HAND
from kit.fields import DateAndTimeField, DateAndTimeInput, NarrativeField, OneChoiceField

LONG_TEXT = 10_000


class RecordEventForm(forms.Form):
    kind = OneChoiceField(
        label="What happened?",
        choices=[("", "Choose"), *((kind.value, kind.label) for kind in ADDED_BY_HAND)],
        widget=forms.Select,
        error_messages={"required": "Choose what happened"},
    )
    at = DateAndTimeField(
        label="When?", widget=DateAndTimeInput(fills_now=True), error_messages={"required": "Enter when it happened"}
    )
    text = NarrativeField(
        label="What was done or learned?",
        error_messages={"required": "Say what was done or learned"},
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > self.now:
            raise forms.ValidationError("It cannot have happened later than now.")
        return at


class AllocateForm(forms.Form):
    officer = OneChoiceField(label="Officer in the case", widget=forms.Select, error_messages={"required": "Choose the officer"})

    def __init__(self, *args: Any, officers: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officer"].choices = [("", "Choose"), *officers]  # type: ignore[attr-defined]


class CompleteActionForm(forms.Form):
    how = NarrativeField(
        label="What was done?",
        max_length=LONG_TEXT,
        error_messages={"required": "Say what was done"},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
