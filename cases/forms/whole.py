"""Which day of a case to look at."""

from datetime import date
from typing import Any

from django import forms

from kit import dates
from kit.fields import ThreeBoxDateField


class AsAtForm(forms.Form):
    day = ThreeBoxDateField(
        label="Which day?",
        help_text="You see the case as it stood at the end of that day, for example 10 11 2026.",
        error_messages={"required": "Enter the day"},
    )

    def __init__(self, *args: Any, logged_on: date, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logged_on = logged_on
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < self.logged_on:
            raise forms.ValidationError(f"The case was logged on {dates.day(self.logged_on)}. Enter that day or a later one.")
        if day > self.today:
            raise forms.ValidationError("That day has not come yet. Enter today or an earlier day.")
        return day
