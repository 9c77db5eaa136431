"""Who covers for somebody, from when, until when, and why."""

from datetime import date, timedelta
from typing import Any

from django import forms

from kit import dates
from kit.fields import OneChoiceField, Radios, ThreeBoxDateField
from people.cover.queries import Choice
from people.models import LONGEST_COVER, CoverReason

# What begins later than this is a slip of the keys.
FURTHEST = timedelta(days=366)


class SetCoverForm(forms.Form):
    covering = OneChoiceField(widget=forms.Select, error_messages={"required": "Choose who covers"})
    starts_on = ThreeBoxDateField(label="From", error_messages={"required": "Enter the first day"})
    ends_on = ThreeBoxDateField(
        label="Until",
        help_text=f"The last day. At most {LONGEST_COVER.days} days; for longer, hand the cases over.",
        error_messages={"required": "Enter the last day"},
    )
    reason = OneChoiceField(
        label="Why are they away?",
        help_text="Only they and their supervisors see this.",
        choices=CoverReason.choices,
        widget=Radios(is_inline=True),
        error_messages={"required": "Choose why they are away"},
    )

    def __init__(self, *args: Any, choice: Choice, absent: str, today: date, **options: Any) -> None:
        options.setdefault("initial", {"starts_on": today, **({} if not absent else {"reason": CoverReason.ILLNESS})})
        super().__init__(*args, **options)
        self.today = today
        covering = self.fields["covering"]
        covering.choices = [("", "Choose somebody"), *choice.people]  # type: ignore[attr-defined]
        covering.label = "Who covers for you?" if not absent else f"Who covers for {absent}?"
        asks = "" if absent else ", so you cannot ask somebody who completes their reviews"
        covering.help_text = (
            f"The list holds only people who can do this work: {', '.join(choice.needed)}. "
            f"Whoever covers for an officer in the case cannot review those cases{asks}."
        )
        if not absent:
            reason = self.fields["reason"]
            reason.label, reason.help_text = "Why are you away?", "Only you and your supervisors see this."
            reason.error_messages["required"] = "Choose why you are away"

    def clean_starts_on(self) -> date:
        starts_on: date = self.cleaned_data["starts_on"]
        if starts_on < self.today:
            raise forms.ValidationError("Enter today or a later day")
        if starts_on > self.today + FURTHEST:
            raise forms.ValidationError("Enter a day within a year from today")
        return starts_on

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        starts_on, ends_on = answers.get("starts_on"), answers.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", f"Enter {dates.day(starts_on)} or a later day")
        elif starts_on and ends_on and ends_on >= starts_on + LONGEST_COVER:
            last = starts_on + LONGEST_COVER - timedelta(days=1)
            self.add_error("ends_on", f"Enter {dates.day(last)} or an earlier day. For longer, hand the cases over")
        return answers


class EndCoverForm(forms.Form):
    """Nothing to fill in; it is sent to say so."""
