"""The case as plain text for the crime report: V1 and S1 instead of names, and no intelligence."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst

from cases.crime_report import Known, Part, entry_lines, report, without_names
from cases.enums import HappenedWhen, Nature
from cases.models import Action, Event, InvestigationPlan, LineOfEnquiry, Suspect
from cases.queries.case_page import victims_with_wishes
from cases.queries.copied import known_people
from cases.queries.facts import CaseFacts, case_facts
from cases.queries.investigation import PLAN_FIELDS
from kit import dates
from kit.wording import in_sentence

# As many as somebody can read through before they send it on.
MOST_ENTRIES = 500


def case_copy(case: Any, today: date, zone: Any) -> str:
    """Nine queries. The newest entries stand first; what does not fit is said."""
    people = known_people(case)
    facts = case_facts(case)
    # What struck an entry of intelligence out tells of it as well.
    told = Event.unguarded.filter(Q(about=None) | ~Q(about__nature=Nature.INTELLIGENCE), case=case)
    events = list(told.exclude(nature=Nature.INTELLIGENCE).order_by("-happened_at", "-pk")[: MOST_ENTRIES + 1])
    entries = entry_lines(events[:MOST_ENTRIES], people, zone)
    if len(events) > MOST_ENTRIES:
        entries.append(f"[Only the newest {MOST_ENTRIES} entries are copied.]")
    return report(
        f"Case {case.reference} on {dates.day(today)}",
        (
            Part("The report", report_lines(case, facts, zone)),
            Part("Suspect", suspect_lines(case, facts, people, zone)),
            Part("Victim", victim_lines(case, people, zone)),
            Part("Investigation plan", plan_lines(case, people)),
            Part("Lines of enquiry", line_lines(case, people)),
            Part("Actions", action_lines(case, people, zone)),
            Part("What happened, newest first", entries),
        ),
    )


def report_lines(case: Any, facts: CaseFacts, zone: Any) -> list[str]:
    return [
        f"Crime number: {case.crime_number}",
        *(f"Offence: {offence}" for offence in facts.offences),
        f"Happened: {happened(case)}",
        f"Place: {case.get_place_display()}; {case.get_place_kind_display()}",
        f"How V1 and S1 know each other: {case.get_relationship_display()}",
        f"Reported: {dates.day_and_time(case.reported_at.astimezone(zone))}, {in_sentence(case.get_reported_how_display())}",
        f"Recorded as a crime: {dates.day_and_time(case.recorded_at.astimezone(zone))}",
        f"Officer in the case: {case.officer.called if case.officer else 'nobody yet'}",
        f"Unit: {case.unit}",
        f"Status: {case.get_status_display()}",
    ]


def happened(case: Any) -> str:
    if case.happened_when == HappenedWhen.NOT_KNOWN:
        return "not known"
    if case.happened_when == HappenedWhen.ON:
        return dates.day(case.happened_from)
    return f"between {dates.day(case.happened_from)} and {dates.day(case.happened_to)}"


def suspect_lines(case: Any, facts: CaseFacts, people: list[Known], zone: Any) -> list[str]:
    lines = []
    for suspect in Suspect.unguarded.filter(case=case).order_by("number"):
        state = facts.suspect(str(suspect))
        where = f" {state.label} since {dates.day(state.since.astimezone(zone).date())}." if state else ""
        ends = f" Bail ends on {dates.day(state.bail_ends)}." if state and state.bail_ends else ""
        described = f" {without_names(suspect.description, people)}" if suspect.description else ""
        lines.append(f"{suspect}: {suspect.get_known_display()}.{where}{ends}{described}")
    return lines


def victim_lines(case: Any, people: list[Known], zone: Any) -> list[str]:
    """What each wants. The safe way to reach them stays here: it is for whoever contacts them, not for the crime report."""
    return [
        f"{victim}: {victim.wish_label}, recorded {dates.day(victim.wish_said_at.astimezone(zone).date())}"
        for victim in victims_with_wishes(case)
        if victim.wish
    ]


def plan_lines(case: Any, people: list[Known]) -> list[str]:
    plan = InvestigationPlan.unguarded.filter(case=case).first()
    if plan is None:
        return []
    names = [(field.verbose_name, getattr(plan, field.name)) for field in plan._meta.concrete_fields if field.name in PLAN_FIELDS]
    return [f"{capfirst(label)}: {without_names(text, people)}" for label, text in names if text]


def line_lines(case: Any, people: list[Known]) -> list[str]:
    lines = []
    for line in LineOfEnquiry.unguarded.filter(case=case).order_by("number"):
        outcome = f" {without_names(line.outcome, people)}" if line.outcome else ""
        what = without_names(line.what, people)
        lines.append(f"{line}: {what} ({in_sentence(line.get_leads_display())}). {line.get_state_display()}.{outcome}")
    return lines


def action_lines(case: Any, people: list[Known], zone: Any) -> list[str]:
    lines = []
    for action in Action.unguarded.filter(case=case).select_related("owner").order_by("number"):
        what = without_names(action.what, people)
        if action.done_at is None:
            lines.append(f"{action}: {what} ({action.owner.called}, by {dates.day(action.due_on)})")
        else:
            done = dates.day(action.done_at.astimezone(zone).date())
            lines.append(f"{action}: {what} Done on {done}: {without_names(action.done_how, people)}")
    return lines
