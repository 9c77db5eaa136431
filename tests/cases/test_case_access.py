"""Who may see a case and why, on its page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import CaseConnection, Review
from people.roles import Role
from tests.pages import Sheet
from tests.worlds import MONDAY, at, building, log_case, set_clock


def page_of(browser, case):
    return Sheet(browser.get(f"/cases/{case.reference}/access/")).text


def test_everybody_stands_there_with_a_reason(as_user, force, case):
    page = page_of(as_user(force.investigator), case)
    assert "You may see it because: Officer in the case since 2 November 2026" in page
    assert "DS Invented Sergeant Detective Sergeant of Invented Team One" in page
    assert "DI Invented Inspector Detective Inspector of Invented Crime, above the unit of the case" in page
    assert "Invented Other Investigator" not in page and "Superintendent" not in page
    assert "Nobody is recorded as connected" in page


def test_superintendent_reads_which_review_reached_them(as_user, force, case):
    with building():
        Review.unguarded.filter(case=case, number=1).update(
            escalates_further_to=Role.SUPERINTENDENT, escalates_further_on=MONDAY + timedelta(days=20)
        )
    set_clock(at(MONDAY + timedelta(days=21)))
    reason = "Detective Superintendent: the 14-day review is late and reached them on 22 November 2026"
    assert f"You may see it because: {reason}" in page_of(as_user(force.superintendent), case)
    assert reason in page_of(as_user(force.sergeant), case)


def test_restricted_case_names_who_is_named(as_user, force):
    set_clock(at(MONDAY, 10))
    case = log_case(force, has_connected_staff=True, connected_user_ids=(force.other_investigator.pk,))
    page = page_of(as_user(force.investigator), case)
    assert "Named on this restricted case since 2 November 2026" in page and "Inspector" not in page.split("Everybody who")[1]


@pytest.mark.parametrize(("reader", "names"), [("investigator", False), ("sergeant", True), ("inspector", True)])
def test_only_supervisors_read_who_is_kept_out(as_user, force, case, reader, names):
    with building():
        CaseConnection.unguarded.create(
            case=case, user=force.other_investigator, said_by=force.investigator, said_at=timezone.now()
        )
    page = page_of(as_user(getattr(force, reader)), case)
    assert "One person who works here is kept out" in page
    assert ("Other Investigator" in page) is names
