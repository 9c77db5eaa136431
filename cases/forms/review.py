"""The review form: seven groups, own words, directions, result."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html

from cases.action_moves import refusal_of_day
from cases.enums import Answer, ReviewGroup, ReviewResult
from kit.fields import NarrativeField, OneChoiceField, Radios, ThreeBoxDateField

# The most directions that one review gives.
DIRECTIONS = 4
LONG_TEXT = 10_000
RESULTS = [(result.value, result.label) for result in (ReviewResult.SATISFACTORY, ReviewResult.WITH_DIRECTIONS)]
# Leads to the first direction; with the script, to the first that is empty.
ADD_A_DIRECTION = format_html('<a class="govuk-link" href="#id_direction-1-what" data-add-direction>{}</a>', "Add a direction")


class ReviewForm(forms.Form):
    # Set by the page once it has said that every answer is as last time: signed for these answers, so that nobody says it unasked.
    is_same_again = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    own_words = NarrativeField(
        label="In your own words: what matters most in this case now?",
        help_text="Two lines are enough.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in your own words what matters most in this case now"},
    )
    result = OneChoiceField(label="Result", choices=RESULTS, error_messages={"required": "Choose the result of the review"})

    def __init__(self, *args: Any, escalates_to: str, not_escalated: str, **options: Any) -> None:
        """``escalates_to``: the role to which this reviewer may send the case on; else ``not_escalated`` says why not."""
        super().__init__(*args, **options)
        result = self.fields["result"]
        result.choices = [  # type: ignore[attr-defined]
            *RESULTS,
            *([(ReviewResult.ESCALATED.value, f"Not satisfactory: escalate to {escalates_to}")] if escalates_to else []),
        ]
        result.help_text = (
            f"If you escalate it, the {escalates_to} finds it under “Escalated to you” and decides it."
            if escalates_to
            else not_escalated
        )
        for group in ReviewGroup:
            text_name = f"{group.lower()}_text"
            self.fields[group.lower()] = OneChoiceField(
                label=group.label,
                choices=Answer.choices,
                widget=Radios(reveals={Answer.NEEDS_ACTION: text_name}, is_small=True, is_inline=True),
                error_messages={"required": f"Choose an answer for “{group.label}”"},
            )
            self.fields[text_name] = NarrativeField(
                label=f"What needs action: {group.label}",
                max_length=LONG_TEXT,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=ADD_A_DIRECTION,
            )
        self.order_fields([name for group in ReviewGroup for name in (group.lower(), f"{group.lower()}_text")])

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        for group in ReviewGroup:
            text_name = f"{group.lower()}_text"
            if answers.get(group.lower()) == Answer.NEEDS_ACTION and not answers.get(text_name) and text_name not in self.errors:
                self.add_error(text_name, f"Say what needs action: {group.label}")
        return answers

    def answers(self) -> dict[str, tuple[str, str]]:
        cleaned = self.cleaned_data
        return {
            group.value: (
                cleaned[group.lower()],
                cleaned[f"{group.lower()}_text"] if cleaned[group.lower()] == Answer.NEEDS_ACTION else "",
            )
            for group in ReviewGroup
        }


class DirectionForm(forms.Form):
    what = NarrativeField(label="What must be done?", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), required=False)
    owner = OneChoiceField(label="By whom?", widget=forms.Select, required=False)
    due_on = ThreeBoxDateField(label="By when?", required=False)
    look_again_on = ThreeBoxDateField(label="Look again on", help_text="Leave empty for the same day.", required=False)

    def __init__(self, data: Any = None, *, owners: Sequence[tuple[str, str]], today: date, number: int) -> None:
        super().__init__(data, prefix=f"direction-{number}")
        self.today = today
        self.number = number
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]
        # It stands there already, so that alone it is no direction begun.
        self.fields["owner"].initial = owners[0][0] if owners else None

    @property
    def summary(self) -> str:
        return f"Add direction {self.number}"

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("what") or self.cleaned_data.get("due_on") or self.cleaned_data.get("look_again_on"))

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if not self.is_filled and not self.errors:
            return answers
        self.need("what", f"Enter what must be done in direction {self.number}")
        self.need("due_on", f"Enter the date by which direction {self.number} must be done")
        self.need("owner", f"Choose who must do direction {self.number}")
        for name in ("due_on", "look_again_on"):
            if answers.get(name) and name not in self.errors and (reason := refusal_of_day(answers[name], self.today)):
                self.add_error(name, reason)
        if not answers.get("look_again_on") and "look_again_on" not in self.errors:
            # Looking again on the day it is due is what most people mean.
            answers["look_again_on"] = answers.get("due_on")
        return answers

    def need(self, name: str, sentence: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)
