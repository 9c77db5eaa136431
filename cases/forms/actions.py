"""Forms about actions: give one, mark it as done, ask for more time and answer that, verify."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms

from cases.action_moves import refusal_of_day
from cases.queries.actions import LABELS
from kit import dates
from kit.fields import NarrativeField, OneChoiceField, Radios, ThreeBoxDateField

LONG_TEXT = 10_000
SHORT_TEXT = 2000
LOAD_AGAIN = "Load the page again: it did not say what you read."
VERIFY, SEND_BACK = "verify", "send-back"
AGREE, KEEP = "agree", "keep"


class ActionFilterForm(forms.Form):
    owner = OneChoiceField(label="To be done by", widget=forms.Select, required=False)
    state = OneChoiceField(
        label="Which",
        choices=[("", "All"), *((state.value, label) for state, label in LABELS.items())],
        widget=forms.Select,
        required=False,
    )

    def __init__(self, *args: Any, owners: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [("", "Anyone"), *owners]  # type: ignore[attr-defined]


class GiveActionForm(forms.Form):
    what = NarrativeField(
        label="What must be done?",
        max_length=SHORT_TEXT,
        error_messages={"required": "Enter what must be done"},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner = OneChoiceField(
        label="By whom?",
        help_text="Only somebody who works on this case.",
        widget=forms.Select,
        error_messages={"required": "Choose who must do it"},
    )
    due_on = ThreeBoxDateField(label="By when?", error_messages={"required": "Enter the date by which it must be done"})
    look_again_on = ThreeBoxDateField(
        label="Look again on",
        help_text="The day on which somebody looks how it stands. Leave empty for the same day.",
        required=False,
    )

    def __init__(self, *args: Any, owners: Sequence[tuple[str, str]], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["owner"].choices = owners if len(owners) == 1 else [("", "Choose"), *owners]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        for name in ("due_on", "look_again_on"):
            if answers.get(name) and (reason := refusal_of_day(answers[name], self.today)):
                self.add_error(name, reason)
        if not answers.get("look_again_on") and "look_again_on" not in self.errors:
            # Looking again on the day it is due is what most people mean.
            answers["look_again_on"] = answers.get("due_on")
        return answers


class CompleteActionForm(forms.Form):
    how = NarrativeField(
        label="What was done?",
        max_length=LONG_TEXT,
        error_messages={"required": "Say what was done"},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    evidence = NarrativeField(
        label="Where can the result be seen?",
        max_length=SHORT_TEXT,
        help_text="Exhibit, statement or document, by its number in the records system.",
        error_messages={"required": "Say where the result can be seen"},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AskForMoreTimeForm(forms.Form):
    due_on = ThreeBoxDateField(label="Until when?", error_messages={"required": "Enter the date by which it can be done"})
    because = NarrativeField(
        label="Why is more time needed?",
        help_text="Say what was done so far, and what it waits for.",
        max_length=SHORT_TEXT,
        error_messages={"required": "Say why more time is needed"},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, due_on: date, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.due_now, self.today = due_on, today

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day <= self.due_now:
            raise forms.ValidationError(f"Enter a date after {dates.day(self.due_now)}, the target date now")
        if reason := refusal_of_day(day, self.today):
            raise forms.ValidationError(reason)
        return day


class AnswerMoreTimeForm(forms.Form):
    # Which request was read, so that nobody agrees to another one that came meanwhile.
    request_id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": LOAD_AGAIN, "invalid": LOAD_AGAIN})
    decision = OneChoiceField(label="Your answer", error_messages={"required": "Choose whether you agree"})
    answer = NarrativeField(
        label="Why?",
        help_text="Needed if the date stays. Whoever asked reads it.",
        max_length=SHORT_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, due_on: date, due_asked: date | None, request_id: UUID | None, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"request_id": request_id}, **options})
        asked = dates.day(due_asked) if due_asked else "the date asked for"
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            (AGREE, f"Agree to {asked}"),
            (KEEP, f"Keep {dates.day(due_on)}"),
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("decision") == KEEP and not answers.get("answer") and "answer" not in self.errors:
            self.add_error("answer", "Say why the date stays")
        return answers


class VerifyActionForm(forms.Form):
    # When it was done, as it was read, so that nobody verifies what was written meanwhile.
    done_at = forms.CharField(widget=forms.HiddenInput, error_messages={"required": LOAD_AGAIN})
    decision = OneChoiceField(
        label="Is it done?",
        choices=[(VERIFY, "Done, and the evidence shows it"), (SEND_BACK, "Not done yet: send back")],
        widget=Radios(hints={SEND_BACK: "It is open again, with the target date that it had."}),
        error_messages={"required": "Choose whether it is done"},
    )
    text = NarrativeField(
        label="What did you look at, and what did you find?",
        help_text="If you send it back, say what is missing.",
        max_length=SHORT_TEXT,
        error_messages={"required": "Say what you looked at and what you found"},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_done_at(self) -> datetime:
        try:
            moment = datetime.fromisoformat(self.cleaned_data["done_at"])
        except ValueError:
            raise forms.ValidationError(LOAD_AGAIN) from None
        if moment.tzinfo is None:
            raise forms.ValidationError(LOAD_AGAIN)
        return moment
