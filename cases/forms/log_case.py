"""The three short pages of logging a case (screens.md 4)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from cases.enums import HappenedWhen, Place, PlaceKind, Relationship, ReportedHow, SafeNow, SuspectKnown, WishKind
from cases.models import OffenceType
from cases.offences import offences_for, sentence_when_not_in_force
from kit.fields import (
    DateAndTimeField,
    DateAndTimeInput,
    NarrativeField,
    OneChoiceField,
    PlainTextField,
    Radios,
    ThreeBoxDateField,
)
from people.queries import Staff

Choices = Sequence[tuple[str, str]]
CHOOSE = ("", "Choose")
MOST_SUSPECTS = 20


class WhenForm(forms.Form):
    """When: the crime number and the three times that everything else is counted from."""

    marks_needed = True

    crime_number = PlainTextField(
        label="Crime number",
        help_text="From the records system.",
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
        error_messages={"required": "Enter the crime number"},
    )
    reported_at = DateAndTimeField(
        label="When was it reported?",
        widget=DateAndTimeInput(fills_now=True),
        error_messages={"required": "Enter when it was reported"},
    )
    recorded_at = DateAndTimeField(
        label="When was it recorded as a crime?",
        widget=DateAndTimeInput(fills_like="reported_at"),
        error_messages={"required": "Enter when it was recorded as a crime"},
    )
    happened_when = OneChoiceField(
        label="When did it happen?",
        choices=HappenedWhen.choices,
        widget=Radios(reveals={HappenedWhen.ON: "happened_on", HappenedWhen.BETWEEN: ("happened_from", "happened_to")}),
        error_messages={"required": "Choose when it happened, or Not known"},
    )
    happened_on = ThreeBoxDateField(label="Date it happened", required=False)
    happened_from = ThreeBoxDateField(label="First possible date", required=False)
    happened_to = ThreeBoxDateField(label="Last possible date", required=False)
    reported_how = OneChoiceField(
        label="How was it reported?",
        choices=[CHOOSE, *(choice for choice in ReportedHow.choices if choice[0] != ReportedHow.NOT_SAID)],
        widget=forms.Select,
        error_messages={"required": "Choose how it was reported"},
    )
    place = OneChoiceField(
        label="Where did it happen?", choices=Place.choices, error_messages={"required": "Choose where it happened"}
    )

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now
        self.today = timezone.localdate(now)

    def clean_crime_number(self) -> str:
        # The same number typed in small letters or with a space behind it is the same number.
        return " ".join(str(self.cleaned_data["crime_number"]).split()).upper()

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        self.check_times(answers.get("reported_at"), answers.get("recorded_at"))
        self.check_dates(answers)
        return answers

    def check_times(self, reported: datetime | None, recorded: datetime | None) -> None:
        if reported and reported > self.now:
            self.add_error("reported_at", "The report cannot be later than now.")
        if recorded and recorded > self.now:
            self.add_error("recorded_at", "The time of recording cannot be later than now.")
        elif reported and recorded and recorded < reported:
            self.add_error("recorded_at", "Recorded cannot be before reported.")

    def check_dates(self, answers: dict[str, Any]) -> None:
        match answers.get("happened_when"):
            case HappenedWhen.ON:
                self.need("happened_on", "Enter the date it happened")
                answers["happened_from"] = answers["happened_to"] = answers.get("happened_on")
                self.refuse_later_than_the_report("happened_on", answers)
            case HappenedWhen.BETWEEN:
                self.need("happened_from", "Enter the first possible date")
                self.need("happened_to", "Enter the last possible date")
                first, last = answers.get("happened_from"), answers.get("happened_to")
                if first and last and last <= first:
                    self.add_error(
                        "happened_to", "The last possible date must be after the first. For one day choose On one date."
                    )
                self.refuse_later_than_the_report("happened_from", answers)
                self.refuse_later_than_the_report("happened_to", answers)
            case HappenedWhen.NOT_KNOWN:
                answers["happened_from"] = answers["happened_to"] = None

    def need(self, name: str, sentence: str) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, sentence)

    def refuse_later_than_the_report(self, name: str, answers: dict[str, Any]) -> None:
        day, reported = answers.get(name), answers.get("reported_at")
        if not day:
            return
        if day > self.today:
            self.add_error(name, "It cannot have happened later than today.")
        elif reported and day > timezone.localdate(reported):
            self.add_error(name, "It cannot have happened after it was reported.")


class WhatForm(forms.Form):
    """What and who. Nothing about V1 is chosen beforehand; “not known yet” is an equal answer."""

    marks_needed = True

    offence = OneChoiceField(
        label="Offence",
        widget=forms.Select,
        error_messages={"required": "Choose the offence"},
        help_text="Type its first letters.",
    )
    place_kind = OneChoiceField(
        label="Kind of place",
        choices=[CHOOSE, *PlaceKind.choices],
        widget=forms.Select,
        error_messages={"required": "Choose the kind of place, or Not known yet"},
    )
    victim_name = PlainTextField(
        label="Name of V1",
        help_text="Leave empty if it is not known yet. On lists and in messages it stands as V1.",
        required=False,
    )
    wish = OneChoiceField(
        label="Does V1 want an investigation?",
        choices=WishKind.choices,
        error_messages={"required": "Choose what V1 wants, or Not asked yet"},
    )
    suspect_known = OneChoiceField(
        label="Who is the suspect?",
        choices=SuspectKnown.choices,
        widget=Radios(reveals={SuspectKnown.NAMED: "suspect_name", SuspectKnown.DESCRIBED: "suspect_description"}),
        error_messages={"required": "Choose whether the suspect is named, described or not known"},
    )
    suspect_name = PlainTextField(label="Name of S1", required=False)
    suspect_description = NarrativeField(label="Description of S1", max_length=2000, required=False)
    suspects = forms.IntegerField(
        label="How many suspects?",
        min_value=1,
        max_value=MOST_SUSPECTS,
        initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-2"}),
        error_messages={
            "required": "Enter how many suspects there are",
            "invalid": "Enter a whole number, for example 1",
            "min_value": "Enter 1 or more. Where nobody is known yet, that is one unknown suspect.",
            "max_value": f"Enter {MOST_SUSPECTS} or fewer",
        },
    )
    relationship = OneChoiceField(
        label="How do V1 and S1 know each other?",
        choices=[CHOOSE, *Relationship.choices],
        widget=forms.Select,
        error_messages={"required": "Choose how they know each other, or Not known yet"},
    )

    def __init__(
        self, *args: Any, offences: Sequence[OffenceType], happened_from: date | None, happened_to: date | None, **options: Any
    ) -> None:
        """``offences``: all of the force's profile; the list shows those in force on the dates."""
        super().__init__(*args, **options)
        self.offences = {str(offence.pk): offence for offence in offences}
        self.dates = (happened_from, happened_to)
        in_force = offences_for(offences, happened_from, happened_to)
        self.in_force = {str(offence.pk) for offence in in_force}
        # All are accepted as an answer, so that one chosen before the dates were changed gets its own sentence in clean_offence.
        self.fields["offence"].choices = [("", "Choose"), *((key, str(offence)) for key, offence in self.offences.items())]  # type: ignore[attr-defined]
        self.fields["offence"].widget.choices = [CHOOSE, *((str(offence.pk), str(offence)) for offence in in_force)]

    def clean_offence(self) -> str:
        key = str(self.cleaned_data["offence"])
        if key not in self.in_force and (sentence := sentence_when_not_in_force(self.offences[key], *self.dates)):
            raise forms.ValidationError(sentence)
        return key

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        known = answers.get("suspect_known")
        if known == SuspectKnown.NAMED and not answers.get("suspect_name") and "suspect_name" not in self.errors:
            self.add_error("suspect_name", "Enter the name of S1, or choose Described or Not known")
        if (
            known == SuspectKnown.DESCRIBED
            and not answers.get("suspect_description")
            and "suspect_description" not in self.errors
        ):
            self.add_error("suspect_description", "Describe S1, or choose Not known")
        return answers


class SafetyForm(forms.Form):
    """Safety and people."""

    marks_needed = True

    safe_now = OneChoiceField(
        label="Is V1 safe now?", choices=SafeNow.choices, error_messages={"required": "Choose whether V1 is safe now"}
    )
    safety_steps = NarrativeField(
        label="What was done about it",
        help_text="Needed unless V1 is safe.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    safe_contact = NarrativeField(
        label="Safe way to contact V1 tonight",
        help_text="How, when, and what never to do. Leave empty if it is not known yet.",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    unit = OneChoiceField(label="Unit", widget=forms.Select, error_messages={"required": "Choose the unit"})
    officer = OneChoiceField(
        label="Officer in the case",
        widget=forms.Select,
        required=False,
        help_text="Leave “To be allocated” if the supervisor will decide.",
    )
    supervisor = OneChoiceField(label="Supervisor", widget=forms.Select, error_messages={"required": "Choose the supervisor"})
    has_connected_staff = OneChoiceField(
        label="Is anyone in this case somebody who works here or is related to staff?",
        choices=(("no", "No, or not known"), ("yes", "Yes")),
        widget=Radios(
            hints={"yes": "The case becomes restricted at once: only the people named on it will know that it exists."},
            reveals={"yes": ("connected", "inspector")},
        ),
        error_messages={"required": "Choose whether staff are involved"},
    )
    connected = OneChoiceField(
        label="Who of the staff is it?",
        help_text="They will not see the case, whatever their role. Choose “Not in this list” if they have no account.",
        widget=forms.Select,
        required=False,
    )

    inspector = OneChoiceField(
        label="Which Detective Inspector is named on the case?",
        help_text="They complete the 28-day review and hear when something is late. Nobody else of that rank will see the case.",
        widget=forms.Select,
        required=False,
    )

    NOT_IN_LIST = "none"

    def __init__(self, *args: Any, staff: Staff, **options: Any) -> None:
        super().__init__(*args, **options)
        self.staff = staff
        self.offer("unit", [CHOOSE, *((key, name) for key, name in staff.units if staff.supervisors_of[key])])
        self.offer("officer", [("", "To be allocated"), *staff.investigators])
        self.offer("supervisor", [CHOOSE, *staff.supervisors])
        self.offer("inspector", [CHOOSE, *staff.inspectors])
        self.offer("connected", [CHOOSE, (self.NOT_IN_LIST, "Not in this list"), *staff.everybody])

    def offer(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        is_not_safe = answers.get("safe_now") in {SafeNow.NO, SafeNow.NOT_KNOWN}
        if is_not_safe and not answers.get("safety_steps") and "safety_steps" not in self.errors:
            self.add_error("safety_steps", "Say what was done to make V1 safe or to find out")
        unit, supervisor = answers.get("unit"), answers.get("supervisor")
        if unit and supervisor and supervisor not in self.staff.supervisors_of.get(unit, frozenset()):
            self.add_error("supervisor", "They do not supervise this unit. Choose one of its supervisors.")
        self.check_connected(answers)
        return answers

    def check_connected(self, answers: dict[str, Any]) -> None:
        connected = answers.get("connected")
        if answers.get("has_connected_staff") != "yes":
            answers["connected"] = answers["inspector"] = ""
            return
        if not answers.get("inspector") and "inspector" not in self.errors:
            self.add_error("inspector", "Choose the Detective Inspector who is named on the case")
        elif connected and connected == answers.get("inspector"):
            self.add_error("inspector", "They are connected with somebody in the case. Choose another Detective Inspector.")
        if not connected and "connected" not in self.errors:
            self.add_error("connected", "Choose who it is, or Not in this list")
        elif connected and connected == answers.get("officer"):
            self.add_error("officer", "They are connected with somebody in the case. Choose another officer.")
        elif connected and connected == answers.get("supervisor"):
            self.add_error("supervisor", "They are connected with somebody in the case. Choose another supervisor.")
