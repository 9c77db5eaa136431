from datetime import date, timedelta
from typing import Any

from django import forms

from kit.fields import ThreeBoxDateField, refusal
from rasso.demonstration.clock import LONGEST_MOVE, in_words

STEPS = {"day": 1, "fortnight": 14}


class MoveClock(forms.Form):
    """By a day, by 14 days or to a date; ``next`` is the page to come back to."""

    by = forms.ChoiceField(
        choices=[("day", "One day"), ("fortnight", "14 days"), ("date", "To a date")],
        widget=forms.HiddenInput,
        error_messages={"required": "Choose how far to move the clock", "invalid_choice": "Choose how far to move the clock"},
    )
    day = ThreeBoxDateField(label="Move the clock to", required=False, help_text="It moves forward only.")
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, today: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.today = today

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("by") == "date" and "day" not in self.errors:
            self._check(answers["day"])
        return answers

    def _check(self, day: date | None) -> None:
        boxes = ("day", "month", "year")
        if day is None:
            self.add_error("day", refusal("Enter a date", boxes))
        elif day <= self.today:
            self.add_error("day", refusal(f"Enter a date after today, {in_words(self.today)}", boxes))
        elif day > self.today + timedelta(days=LONGEST_MOVE):
            self.add_error("day", refusal(f"Enter a date within {LONGEST_MOVE} days from today, {in_words(self.today)}", boxes))

    @property
    def target(self) -> date:
        by = self.cleaned_data["by"]
        chosen: date = self.cleaned_data["day"] if by == "date" else self.today + timedelta(days=STEPS[by])
        return chosen
