"""One page with every component in it, so that a browser and axe can look at all of them at once."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from django import forms

from kit import dates
from kit.fields import (
    Checkboxes,
    ConfirmationField,
    DateAndTimeField,
    DateAndTimeInput,
    ManyChoicesField,
    NarrativeField,
    OneChoiceField,
    PlainTextField,
    Radios,
    ThreeBoxDateField,
)

TODAY = date(2026, 11, 22)
PLACES = [("HERE", "In this force's area"), ("OTHER", "In another force's area"), ("ABROAD", "Abroad")]


class Reader:
    is_authenticated = True

    def __str__(self) -> str:
        return "DS Test Reader"


class Message(NamedTuple):
    level_tag: str
    text: str

    def __str__(self) -> str:
        return self.text


class EveryField(forms.Form):
    marks_optional = True

    crime_number = PlainTextField(
        label="Crime number",
        help_text="From the records system",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    reported = DateAndTimeField(label="When was it reported?", widget=DateAndTimeInput(fills_now=True))
    recorded = DateAndTimeField(
        label="When was it recorded as a crime?", widget=DateAndTimeInput(fills_now=True, fills_like="reported")
    )
    happened = ThreeBoxDateField(label="When did it happen?", help_text="For example, 22 11 2026", required=False)
    place = OneChoiceField(
        label="Where did it happen?",
        choices=PLACES,
        widget=Radios(hints={"ABROAD": "Outside the British Isles"}, reveals={"OTHER": "force"}),
    )
    force = PlainTextField(label="Which force?", required=False)
    victim_wants = OneChoiceField(
        label="Does V1 want an investigation?",
        choices=[("YES", "Yes"), ("NO", "No"), ("NOT_ASKED", "Not asked yet")],
        widget=Radios(is_inline=True),
    )
    flags = ManyChoicesField(
        label="What applies?",
        choices=[("CHILD", "V1 is under 18"), ("STAFF", "Someone works here")],
        widget=Checkboxes(hints={"STAFF": "The case will be restricted"}, reveals={"STAFF": "staff"}),
    )
    staff = PlainTextField(label="Who?", required=False)
    offence = OneChoiceField(label="Offence", choices=[("", ""), ("A", "Rape"), ("B", "Assault")], widget=forms.Select)
    account = NarrativeField(label="What happened?", widget=forms.Textarea(attrs={"rows": 4}))
    read = ConfirmationField(
        label="I have read the guidance", help_text="It is in the library", missing="Say that you have read it"
    )
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )
    picture = forms.FileField(label="File", error_messages={"required": "Choose a file"})
    version = forms.CharField(widget=forms.HiddenInput, initial="7", required=False)


class Filters(forms.Form):
    whose = OneChoiceField(
        label="Whose", choices=[("MINE", "Mine to sign"), ("UNIT", "My unit")], widget=forms.Select, required=False
    )
    kind = OneChoiceField(
        label="Kind", choices=[("", "All"), ("R14", "14-day"), ("R28", "28-day")], widget=forms.Select, required=False
    )
    officer = PlainTextField(label="Officer in the case", required=False)


def filled_in_wrongly() -> EveryField:
    return EveryField(
        {
            "crime_number": "C" * 300,
            "reported_day": "29",
            "reported_month": "3",
            "reported_year": "2026",
            "reported_time": "01:30",
            "happened_day": "31",
            "happened_month": "2",
            "happened_year": "2026",
            "place": "OTHER",
            "account": "One line\x0btwo",
        }
    )


def context(form: forms.Form) -> dict[str, Any]:
    late, today, later = (dates.urgency(date(2026, 11, day), TODAY) for day in (19, 22, 27))
    items = [
        {"title": "Tell V1 about the arrest", "url": "#one", "about": "JE-2026-00042", "urgency": late},
        {"title": "14-day review", "url": "#two", "about": "JE-2026-00043", "urgency": today},
        {"title": "28-day review", "url": "#three", "urgency": later},
    ]
    return {
        "showing": "0192f0a0-0000-7000-8000-000000000000",
        "form": form,
        "filters": Filters({"whose": "MINE"}),
        "user": Reader(),
        "demonstration": {"today": "22 November 2026"},
        "now": datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
        "session_seconds": 900,
        "stay_signed_in_url": "/stay",
        "csrf_token": "token-of-the-test",
        "navigation": [
            SimpleNamespace(label="Your work", url="#home", is_current=True),
            SimpleNamespace(label="Cases", url="#cases", is_current=False),
            SimpleNamespace(label="Reviews", url="#reviews", is_current=False),
        ],
        "messages": [Message("success", "Logged: JE-2026-00042"), Message("info", "The 14-day review was completed.")],
        "bar": {
            "reference": "JE-2026-00042",
            "url": "#case",
            "facts": [
                {"label": "Day", "value": "day 26"},
                {"label": "Offence group", "value": "Rape of an adult"},
                {"label": "Officer in the case", "value": "DC Example Invented"},
            ],
        },
        "items": items,
        "done": dates.DONE,
        "rows": [
            {"key": "Crime number", "value": "JE/1234/26", "url": "#change"},
            {"key": "Offence group", "value": "Rape of an adult", "url": ""},
        ],
        "columns": ["Case", "Day", "Next"],
        "table": [["JE-2026-00042", "26", "28-day review"], ["JE-2026-00043", "14", "14-day review"]],
        "events": [
            {"title": "Case logged", "at": datetime(2026, 11, 10, 14, 5, tzinfo=UTC), "by": "DC Example", "text": ""},
            {"title": "Suspect arrested", "at": datetime(2026, 11, 9, 9, 0, tzinfo=UTC), "by": "", "text": "At home.\nCalm."},
        ],
        "crumbs": [{"label": "Cases", "url": "#cases"}],
        "today": TODAY,
        "heard": date(2026, 11, 10),
    }
