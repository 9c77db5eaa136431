"""From the three forms of logging a case to what is recorded, what is checked and what is confirmed."""

from typing import Any

from django import forms
from django.urls import reverse

from cases.operations.log_case import Logged, NewCase
from kit import dates

# In the session, for the confirmation only: the reference and dates, nothing else.
LOGGED = "logged_case"


def new_case(built: dict[str, Any]) -> NewCase:
    when, what, safety = (built[step].cleaned_data for step in ("when", "what", "safety"))
    connected = safety["connected"]
    return NewCase(
        crime_number=when["crime_number"],
        reported_at=when["reported_at"],
        recorded_at=when["recorded_at"],
        reported_how=when["reported_how"],
        happened_when=when["happened_when"],
        happened_from=when["happened_from"],
        happened_to=when["happened_to"],
        place=when["place"],
        place_kind=what["place_kind"],
        relationship=what["relationship"],
        offence_type_ids=(int(what["offence"]),),
        victim_name=what["victim_name"],
        wish=what["wish"],
        suspect_known=what["suspect_known"],
        suspects=what["suspects"],
        suspect_name=what["suspect_name"],
        suspect_description=what["suspect_description"],
        safe_now=safety["safe_now"],
        safety_steps=safety["safety_steps"],
        safe_contact=safety["safe_contact"],
        unit_id=int(safety["unit"]),
        officer_id=int(safety["officer"]) if safety["officer"] else None,
        supervisor_id=int(safety["supervisor"]),
        has_connected_staff=safety["has_connected_staff"] == "yes",
        connected_user_ids=(int(connected),) if connected.isdigit() else (),
        inspector_id=int(safety["inspector"]) if safety["inspector"] else None,
    )


TITLES = {"when": "When", "what": "What and who", "safety": "Safety and people"}
URLS = {"when": "log-case", "what": "log-case-what", "safety": "log-case-safety"}
# Said by the answer beside it.
NOT_SHOWN = frozenset({"happened_on"})
# A gap that somebody should notice before the case is logged.
SHOWN_EMPTY = frozenset({"victim_name", "safe_contact"})


def summary(built: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers page by page, only those that hold something, each with its way back."""
    return [{"title": TITLES[step], "rows": rows_of(step, form)} for step, form in built.items()]


def rows_of(step: str, form: forms.Form) -> list[dict[str, str]]:
    rows = []
    for name, bound in ((name, form[name]) for name in form.fields):
        value = form.cleaned_data.get(name)
        if name in NOT_SHOWN or (value in (None, "") and name not in SHOWN_EMPTY):
            continue
        rows.append(
            {
                "key": str(bound.label),
                "value": in_words(bound.field, value) or "Not known yet",
                "url": f"{reverse(URLS[step])}#{bound.id_for_label}",
            }
        )
    return rows


def in_words(field: forms.Field, value: Any) -> str:
    if hasattr(value, "hour"):
        return dates.day_and_time(value)
    if hasattr(value, "year"):
        return dates.day(value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return str(value)


def as_session(logged: Logged) -> dict[str, Any]:
    return {"reference": logged.reference, "runs": [[what, due_on.isoformat()] for what, due_on in logged.runs]}
