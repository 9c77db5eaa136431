"""What an officer types about the investigation, as a browser would send it; and handing a case to and fro between two of them."""

from typing import Any

from cases import operations
from cases.enums import EventKind
from cases.models import Case, Context, InvestigationPlan, LineOfEnquiry
from people.models import User
from tests.access.sql import ask
from tests.worlds import Force, actor, building


def context(version: int = 0, **changed: Any) -> dict[str, Any]:
    return {
        "version": str(version),
        "relationship": "JUST_MET",
        "how_known": "Met at the taxi rank",
        "duration": "HOURS",
        "domestic_abuse": "NO",
        "power": "He drove",
        "victim_context": "Works nights",
        "exploited": ["INTOXICATION", "ASLEEP"],
        "suspect_context": "Drives at night",
        **changed,
    }


def plan(version: int = 0, **changed: str) -> dict[str, str]:
    return {
        "version": str(version),
        "story": "He offered a lift and chose another road",
        "suspect": "Trace the taxi",
        "victim": "Account on Thursday",
        "material": "",
        "protection": "Other passengers are at risk",
        "first_steps": "Ask the rank for its list",
        **changed,
    }


def line(version: int = 0, **changed: str) -> dict[str, str]:
    return {
        "version": str(version),
        "what": "Do the pictures of the rank show the taxi?",
        "leads": "TOWARDS",
        "state": "PENDING",
        "outcome": "",
        **changed,
    }


def hand_over(case: Case, force: Force, to: User) -> None:
    operations.allocate_case(case, actor=actor(force.sergeant), officer_id=to.pk)


def context_of(case: Case) -> Context:
    with building():
        return Context.unguarded.get(case=case)


def plan_of(case: Case) -> InvestigationPlan:
    with building():
        return InvestigationPlan.unguarded.get(case=case)


def line_of(case: Case, number: int = 1) -> LineOfEnquiry:
    with building():
        return LineOfEnquiry.unguarded.get(case=case, number=number)


def fresh(case: Case) -> Case:
    with building():
        return Case.unguarded.get(pk=case.pk)


def leave_nothing_to_do(case: Case, force: Force) -> None:
    """Meet every time limit that a fresh case has."""
    officer, (now,) = actor(force.investigator), ask("SELECT rasso.now()")[0]
    for kind in (EventKind.SUPPORT_REFERRED, EventKind.EARLY_ADVICE_DECIDED):
        operations.record_event(case, actor=officer, kind=kind, at=now, text="Done.")
    answers = {name: text for name, text in plan().items() if name != "version"}
    operations.set_plan(case, actor=officer, version=0, answers=answers)
