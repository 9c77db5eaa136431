"""Forms of whoever keeps the force's rules."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing

from cases.enums import Calendar, RuleKind
from kit import dates
from kit.fields import NarrativeField, PlainTextField, ThreeBoxDateField
from kit.workdays import SATURDAY, public_holidays

MOST = {Calendar.HOURS: 24 * 90, Calendar.CALENDAR_DAYS: 365, Calendar.WORKING_DAYS: 120}
MOST_UNTIL_SOMEBODY_HEARS = 60
SALT = "a rule that was tried"


def number_field(label: str, most: int, help_text: str = "") -> forms.IntegerField:
    wrong = f"Enter a whole number from 1 to {most:,}"
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=1,
        max_value=most,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class ChangeRuleForm(forms.Form):
    """``tried`` proves that these very numbers were tried, by this person, before they are saved."""

    begins = ThreeBoxDateField(
        label="From which day?",
        help_text="A day after today. What began before that day keeps its dates.",
        error_messages={"required": "Enter the first day on which it counts"},
    )
    because = NarrativeField(
        label="Why is it changed?",
        help_text="Everybody in the police who looks at the rules reads this.",
        max_length=2000,
        error_messages={"required": "Say why it is changed"},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    tried = forms.CharField(widget=forms.HiddenInput, required=False)

    field_order = ("amount", "escalates_after", "escalates_further_after", "begins", "because", "tried")

    def __init__(self, *args: Any, rule: Any, today: date, by: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rule, self.today, self.by = rule, today, by
        unit = rule.get_calendar_display()
        if rule.kind != RuleKind.ACTION:
            # The target date of an action is set by whoever gives it.
            self.fields["amount"] = number_field(
                f"How many {unit} are allowed?", MOST[Calendar(rule.calendar)], f"Now {rule.amount}."
            )
        heard_in = rule.get_escalation_calendar_display()
        for name, who in (
            ("escalates_after", rule.get_escalates_to_display()),
            ("escalates_further_after", rule.get_escalates_further_to_display()),
        ):
            if who:
                label = f"After how many {heard_in} of lateness does the {who} hear?"
                self.fields[name] = number_field(label, MOST_UNTIL_SOMEBODY_HEARS, f"Now {getattr(rule, name)}.")
        self.order_fields(self.field_order)

    def clean_begins(self) -> date:
        begins: date = self.cleaned_data["begins"]
        if begins <= self.today:
            raise forms.ValidationError("Enter a day after today. What has begun under a rule keeps it.")
        return begins

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        first, second = answers.get("escalates_after"), answers.get("escalates_further_after")
        if first and second and second <= first:
            self.add_error("escalates_further_after", "Enter a number above the first one")
        if not self.errors and self.numbers() == self.numbers_now():
            self.add_error(next(iter(self.fields)), "Nothing would change. Enter another number")
        return answers

    def numbers(self) -> tuple[Any, ...]:
        given = {"amount": self.rule.amount, **self.cleaned_data}
        return tuple(given.get(name) for name in ("amount", "escalates_after", "escalates_further_after"))

    def numbers_now(self) -> tuple[Any, ...]:
        return tuple(getattr(self.rule, name) for name in ("amount", "escalates_after", "escalates_further_after"))

    def seal(self) -> str:
        """What a form carries whose numbers were tried."""
        return signing.dumps([self.by, self.rule.code, *self.numbers(), str(self.cleaned_data["begins"])], salt=SALT)

    def was_tried(self) -> bool:
        try:
            tried = signing.loads(self.cleaned_data.get("tried", ""), salt=SALT)
        except signing.BadSignature:
            return False
        return bool(tried == [self.by, self.rule.code, *self.numbers(), str(self.cleaned_data["begins"])])


class AddLocalDayForm(forms.Form):
    day = ThreeBoxDateField(label="Which day?", error_messages={"required": "Enter the day on which nobody works"})
    name = PlainTextField(
        label="What is it called?",
        help_text="For example, National day of mourning.",
        max_length=100,
        error_messages={"required": "Enter what the day is called"},
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day.weekday() >= SATURDAY:
            raise forms.ValidationError(f"{dates.day(day)} is a {dates.WEEKDAYS[day.weekday()]}. Nobody works then anyway")
        if name := public_holidays(settings.FORCE_PROFILE, day.year).get(day):
            raise forms.ValidationError(f"{dates.day(day)} is a public holiday already: {name}")
        return day
