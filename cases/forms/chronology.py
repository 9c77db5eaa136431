"""Forms of the chronology: filters, an entry of one's own, an entry struck out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from cases.entry_groups import ENTRY_GROUPS
from cases.enums import ADDED_BY_HAND, CARRY_A_DATE, NEW_DEVICE, About, EventKind, Nature
from kit.fields import (
    Checkboxes,
    DateAndTimeField,
    DateAndTimeInput,
    ManyChoicesField,
    NarrativeField,
    OneChoiceField,
    Radios,
    ThreeBoxDateField,
    refusal,
)

SHORT_TEXT = 2000
WHICH = {
    About.VICTIM: "Choose which victim it is about",
    About.SUSPECT: "Choose which suspect it is about",
    About.DEVICE: "Choose which device it is about",
}


class ChronologyFilters(forms.Form):
    kind = OneChoiceField(
        label="Kind of entry",
        required=False,
        widget=forms.Select,
        choices=[
            ("", "All kinds"),
            *(
                (group.label, [(group.value, f"{group.label}: all"), *((kind.value, kind.label) for kind in kinds)])
                for group, kinds in ENTRY_GROUPS.items()
            ),
        ],
    )
    subject = OneChoiceField(label="About", required=False, widget=forms.Select)
    nature = OneChoiceField(
        label="Fact, opinion or intelligence", required=False, widget=forms.Select, choices=[("", "All"), *Nature.choices]
    )
    struck = OneChoiceField(
        label="Struck out entries",
        required=False,
        widget=forms.Select,
        choices=[("", "Shown"), ("left-out", "Left out")],
    )
    begins = ThreeBoxDateField(label="From", required=False)
    ends = ThreeBoxDateField(label="To", required=False)

    def __init__(self, *args: Any, subjects: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["subject"].choices = [("", "Anybody, anything"), *((one, one) for one in subjects)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        begins, ends = answers.get("begins"), answers.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", "Enter a day that is not before the first one")
        return answers


class RecordEventForm(forms.Form):
    """An entry of one's own. What the chosen kind does not need is left aside; what it does need is asked for.

    ``subjects``: kind of subject -> those there are. ``to_tell``: key of an entry -> what V1 has to be told about, in words.
    """

    kind = OneChoiceField(
        label="What happened?",
        choices=[("", "Choose"), *((kind.value, kind.label) for kind in ADDED_BY_HAND)],
        widget=forms.Select,
        error_messages={"required": "Choose what happened"},
    )
    subject = OneChoiceField(
        label="About whom or what?",
        help_text="Where there is only one victim or suspect, an entry about them need not say which.",
        required=False,
        widget=forms.Select,
    )
    about = ManyChoicesField(
        label="What was V1 told about?",
        help_text="Only for “V1 told”. Each that you choose counts as told.",
        required=False,
        widget=Checkboxes(is_small=True),
    )
    until = ThreeBoxDateField(label="When does bail end?", help_text="Only for bail. For example, 27 11 2026.", required=False)
    at = DateAndTimeField(
        label="When?", widget=DateAndTimeInput(fills_now=True), error_messages={"required": "Enter when it happened"}
    )
    nature = OneChoiceField(
        label="Fact, opinion or intelligence?",
        required=False,
        choices=Nature.choices,
        initial=Nature.FACT,
        widget=Radios(
            hints={
                Nature.OPINION: "What somebody thinks. It says so wherever it is read.",
                Nature.INTELLIGENCE: "Never put into copies of the case.",
            }
        ),
    )
    text = NarrativeField(
        label="What was done or learned?",
        error_messages={"required": "Say what was done or learned"},
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(
        self,
        *args: Any,
        now: datetime,
        subjects: Mapping[About, Sequence[str]] | None = None,
        to_tell: Sequence[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.now = now
        self.subjects = subjects or {}
        self.to_tell = to_tell
        known = [one for each in self.subjects.values() for one in each]
        self.fields["subject"].choices = [  # type: ignore[attr-defined]
            ("", "Nobody in particular"),
            *((one, one) for one in known),
            (NEW_DEVICE, "A new device"),
        ]
        self.fields["about"].choices = to_tell  # type: ignore[attr-defined]
        if not to_tell:
            del self.fields["about"]

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > self.now:
            raise forms.ValidationError("It cannot have happened later than now.")
        return at

    def clean_nature(self) -> str:
        return self.cleaned_data["nature"] or Nature.FACT

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if not answers.get("kind"):
            return answers
        kind = EventKind(answers["kind"])
        self.ask_whom(kind, answers)
        self.ask_until(kind, answers)
        self.ask_what_was_told(kind, answers)
        return answers

    def ask_whom(self, kind: EventKind, answers: dict[str, Any]) -> None:
        """The subject as it is stored: the only one there is, or the next device."""
        wanted, chosen = ADDED_BY_HAND[kind], answers.get("subject", "")
        if "subject" in self.errors:
            return
        if wanted is None:
            answers["subject"] = "" if chosen == NEW_DEVICE else chosen
            return
        known = list(self.subjects.get(wanted, ()))
        if kind == EventKind.DEVICE_TAKEN and chosen in ("", NEW_DEVICE):
            answers["subject"] = NEW_DEVICE
        elif chosen not in known and (chosen or len(known) != 1 or wanted is About.DEVICE):
            self.add_error("subject", WHICH[wanted] if known else no_such(wanted))
        else:
            answers["subject"] = chosen or known[0]

    def ask_until(self, kind: EventKind, answers: dict[str, Any]) -> None:
        if kind not in CARRY_A_DATE:
            # What was typed for another kind is left aside, right or wrong.
            self.errors.pop("until", None)
            answers["until"] = None
            return
        if "until" in self.errors:
            return
        if answers.get("until") is None:
            self.add_error("until", "Enter the day on which bail ends")
        elif answers.get("at") and answers["until"] < timezone.localdate(answers["at"]):
            self.add_error("until", refusal("Bail cannot end before it begins", ["day", "month", "year"]))

    def ask_what_was_told(self, kind: EventKind, answers: dict[str, Any]) -> None:
        if kind != EventKind.VICTIM_TOLD:
            self.errors.pop("about", None)
            answers["about"] = []
        elif not self.to_tell:
            self.add_error("kind", "There is nothing now that V1 must be told about. Choose “Contact with V1”")
        elif "about" not in self.errors and not answers.get("about"):
            self.add_error("about", "Choose what V1 was told about")


def no_such(wanted: About) -> str:
    if wanted is About.DEVICE:
        return "No device is recorded as taken. Add “Device taken” first"
    return WHICH[wanted]


class StrikeEventForm(forms.Form):
    because = NarrativeField(
        label="Why is this entry wrong?",
        help_text="The entry stays where it is, struck through, with your name and this reason.",
        max_length=SHORT_TEXT,
        error_messages={"required": "Say why this entry is wrong"},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
