"""End a case, and take it up again."""

from typing import Any

from django import forms

from cases.enums import ClosingGrounds, ReopeningReason
from kit.fields import ConfirmationField, NarrativeField, OneChoiceField, PlainTextField, Radios

LONG_TEXT = 10_000


class CloseCaseForm(forms.Form):
    grounds = OneChoiceField(
        label="Why does the case end?",
        choices=ClosingGrounds.choices,
        widget=Radios(reveals={ClosingGrounds.RECORDED_TWICE: "goes_on_as"}),
        error_messages={"required": "Choose why the case ends"},
    )
    goes_on_as = PlainTextField(
        label="Reference of the case that goes on",
        max_length=20,
        required=False,
        help_text="For example JE-2026-00042",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    text = NarrativeField(
        label="In your own words: what was decided, and who was told?",
        max_length=LONG_TEXT,
        error_messages={"required": "Say what was decided, and who was told"},
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    confirmed = ConfirmationField(
        label="This is no decision about prosecution, and nothing more is to be done in this case",
        missing="Say that this is no decision about prosecution and that nothing more is to be done",
    )

    def __init__(self, *args: Any, is_allocated: bool, wrong_case: str = "", **options: Any) -> None:
        """``wrong_case``: what is wrong with the case that was named."""
        super().__init__(*args, **options)
        self.wrong_case = wrong_case
        if not is_allocated:
            grounds = ClosingGrounds.TAKEN_OVER
            self.fields["grounds"].choices = [(grounds.value, grounds.label)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("grounds") == ClosingGrounds.RECORDED_TWICE and "goes_on_as" not in self.errors:
            if not answers.get("goes_on_as"):
                self.add_error("goes_on_as", "Enter the reference of the case that goes on")
            elif self.wrong_case:
                self.add_error("goes_on_as", self.wrong_case)
        return answers


class ReopenCaseForm(forms.Form):
    why = OneChoiceField(
        label="Why is it taken up again?",
        choices=ReopeningReason.choices,
        error_messages={"required": "Choose why it is taken up again"},
    )
    text = NarrativeField(
        label="In your own words: what is new, and what must happen first?",
        max_length=LONG_TEXT,
        error_messages={"required": "Say what is new, and what must happen first"},
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    confirmed = ConfirmationField(
        label="The investigation goes on, and its reviews begin again on the dates above",
        missing="Say that the investigation goes on and its reviews begin again",
    )
