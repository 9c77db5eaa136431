"""Forms of taking a tracker over."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from cases.queries.imports import QUIET_DAYS, why_not_quiet
from cases.tracker.fields import Field
from cases.tracker.lists import NOBODY, Lists, alike
from cases.tracker.states import ImportState
from kit.fields import OneChoiceField, ThreeBoxDateField

NOT_READ = ("", "Not read")


class TrackerForm(forms.Form):
    file = forms.FileField(
        label="Tracker",
        help_text="A spreadsheet as .xlsx or .csv, with one row for each case. Its name is not kept.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        allow_empty_file=True,
        error_messages={"required": "Choose the file that holds the cases"},
    )


class MappingForm(forms.Form):
    """One question for each column, then the unit. ``heads``: by their places, each with an example of what stands below it."""

    def __init__(
        self,
        *args: Any,
        heads: Mapping[int, tuple[str, str]],
        fields: Mapping[int, Field],
        unit_id: int | None,
        units: list[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.places = list(heads)
        for place, (head, example) in heads.items():
            self.fields[f"column_{place}"] = OneChoiceField(
                label=head,
                help_text=f"For example: {example}" if example else "",
                choices=[NOT_READ, *Field.choices],
                widget=forms.Select,
                required=False,
                initial=fields[place].value if place in fields else "",
            )
        self.fields["unit"] = OneChoiceField(
            label="Unit of every row",
            help_text="Only where no column says the unit.",
            choices=[("", "A column says it"), *units],
            widget=forms.Select,
            required=False,
            initial=str(unit_id or ""),
        )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        chosen: dict[str, str] = {}
        for place in self.places:
            name = f"column_{place}"
            code = answers.get(name)
            if code and code in chosen:
                self.add_error(name, f"{Field(code).label} is chosen for another column already. Choose one of the two.")
            elif code:
                chosen[code] = name
        self.ask_for_what_is_missing(chosen, answers)
        return answers

    def ask_for_what_is_missing(self, chosen: dict[str, str], answers: dict[str, Any]) -> None:
        if Field.CRIME_NUMBER not in chosen:
            self.add_error(
                None, "Say which column holds the crime number. It is how a case is recognised, so that nothing is loaded twice."
            )
        if not {Field.REPORTED, Field.RECORDED} & set(chosen):
            self.add_error(None, "Say which column holds when it was reported or recorded. Everything else is counted from that.")
        if Field.OFFENCE not in chosen:
            self.add_error(None, "Say which column holds the offence.")
        if Field.UNIT not in chosen and not answers.get("unit"):
            self.add_error("unit", "Choose the unit, or say which column holds it")
        elif Field.UNIT in chosen and answers.get("unit"):
            self.add_error("unit", "A column says the unit. Choose that here too")

    def meaning(self) -> tuple[dict[int, Field], int | None]:
        fields = {place: Field(code) for place in self.places if (code := self.cleaned_data[f"column_{place}"])}
        return fields, int(self.cleaned_data["unit"]) if self.cleaned_data["unit"] else None


class WordsForm(forms.Form):
    """One question for each word of the tracker that means nothing yet, then one for all that are left open, here and on the pages that
    follow. ``left``: how many those hold; ``has_officers``: whether the name of an officer is among any."""

    def __init__(
        self, *args: Any, words: Mapping[Field, Sequence[str]], lists: Lists, left: int, has_officers: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.asked = {name_of(field, word): (field, word) for field, some in words.items() for word in some}
        for name, (field, word) in self.asked.items():
            self.fields[name] = OneChoiceField(
                label=f"{field.label}: “{word}”",
                choices=[("", "Not known"), *lists.choices(field)],
                widget=forms.Select,
                required=False,
            )
        ask = [("", f"Ask me about the next {left}")] if left else []
        nobody = [(NOBODY, "Officers: nobody here. Leave their cases without an officer")] if has_officers else []
        self.fields["rest"] = OneChoiceField(
            label="Those you leave as “Not known”",
            choices=[*ask, ("REFUSE", "Refuse their rows"), *nobody],
            initial=ask[0][0] if ask else "REFUSE",
            required=False,
        )

    def said(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for name, (field, word) in self.asked.items():
            if code := self.cleaned_data[name]:
                found.setdefault(field.value, {})[alike(word)] = code
        return found

    def left_open(self) -> list[Field]:
        return [field for name, (field, _) in self.asked.items() if not self.cleaned_data[name]]


def name_of(field: Field, word: str) -> str:
    """By the word itself, so that an answer never goes to another word where a page is older than what is known by now."""
    return f"word_{hashlib.sha256(f'{field} {word}'.encode()).hexdigest()[:16]}"


class LoadForm(forms.Form):
    quiet_until = ThreeBoxDateField(
        label="Nothing about these cases is escalated until",
        help_text="Old reviews are late on the first day. Until this day they are on everybody’s lists, but nobody above is told.",
        error_messages={"required": "Enter the day until which nothing is escalated"},
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["quiet_until"].initial = today + timedelta(days=QUIET_DAYS)

    def clean_quiet_until(self) -> date:
        day: date = self.cleaned_data["quiet_until"]
        if reason := why_not_quiet(day, self.today):
            raise forms.ValidationError(reason)
        return day


class LinesFilterForm(forms.Form):
    show = OneChoiceField(
        label="Show",
        choices=[
            ("", "All rows"),
            *(
                (state.value, state.label)
                for state in (ImportState.REFUSED, ImportState.LOADED, ImportState.EXISTS, ImportState.READY)
            ),
            (ImportState.UNDONE.value, ImportState.UNDONE.label),
        ],
        widget=forms.Select,
        required=False,
    )
