"""“Copy for the crime report” of a case: V1 and S1 only, no intelligence, recorded."""

from datetime import timedelta

import pytest

from cases import operations
from cases.enums import Direction, EventKind, LineState, Nature
from people.models import AccessRecord
from tests.worlds import MONDAY, actor, at, building, log_case, set_clock


@pytest.fixture
def case(force):
    set_clock(at(MONDAY, 10))
    return log_case(
        force, victim_name="Orla Quennevais", suspect_name="Piers Rozel", safe_contact="Only by day, at her sister’s."
    )


def text_of(browser, case):
    return browser.get(f"/cases/{case.reference}/copy/").content.decode()


def test_case_stands_there_without_names_and_intelligence(as_user, force, case):
    officer = actor(force.investigator)
    set_clock(at(MONDAY + timedelta(days=1)))
    moment = at(MONDAY, 11)
    for nature, text in ((Nature.FACT, "Rozel was seen."), (Nature.INTELLIGENCE, "A source says so.")):
        operations.record_event(case, actor=officer, kind=EventKind.NOTE, at=moment, text=text, nature=nature)
    operations.record_event(case, actor=officer, kind=EventKind.SUSPECT_ARRESTED, at=moment, text="Arrested at work.")
    line = operations.Line("Ask who saw Orla", Direction.AWAY, LineState.PURSUED, "Quennevais was seen alone.")
    operations.add_line(case, actor=officer, line=line)
    page = text_of(as_user(force.investigator), case)
    for sentence in (
        f"Case {case.reference} on 3 November 2026",
        "S1: Named. Arrested since 2 November 2026.",
        "Note: S1 was seen.",
        "L1: Ask who saw V1 (away from the suspect). Pursued. V1 was seen alone.",
    ):
        assert sentence in page
    for left_out in ("Orla", "Quennevais", "Piers", "Rozel", "A source says so.", "at her sister"):
        assert left_out not in page


def test_what_struck_intelligence_out_is_left_out_too(as_user, force, case):
    officer = actor(force.investigator)
    (secret,) = operations.record_event(
        case, actor=officer, kind=EventKind.NOTE, at=at(MONDAY, 9), text="A source says so.", nature=Nature.INTELLIGENCE
    )
    operations.strike_event(secret, actor=officer, because="The source meant somebody else.")
    page = text_of(as_user(force.investigator), case)
    assert "source" not in page and "Case recorded" in page


def test_taking_it_is_recorded_as_copying(as_user, force, case):
    text_of(as_user(force.sergeant), case)
    with building():
        assert AccessRecord.objects.filter(page="copy-case", kind="COPIED", user_id=force.sergeant.pk).count() == 1


def test_whoever_may_not_see_the_case_copies_nothing(as_user, force, case):
    assert as_user(force.other_investigator).get(f"/cases/{case.reference}/copy/").status_code == 404
