"""Whoever covers for somebody does their work, in their own name, and never signs what they did for them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from cases import operations, workflow
from cases.enums import Act, EventKind
from cases.models import Case, Event, Review
from kit.access import NotAllowed, NotVisible
from kit.binding import bound_to
from kit.refusal import Blocked
from people.models import AccessRecord, RoleAssignment, User
from people.roles import Role
from tests import forms
from tests.access.sql import ask, refused
from tests.cases.actions import address as action_address
from tests.cases.actions import asked, done, given
from tests.covers import cover
from tests.worlds import LONG_AGO, MONDAY, Force, actor, at, building, enrol, log_case, set_clock

TODAY = MONDAY + timedelta(days=1)
FOURTEENTH = MONDAY + timedelta(days=14)


@pytest.fixture
def stranger(force: Force) -> User:
    """An investigator of another unit, with no case here."""
    with building():
        return enrol("stranger", force.police, [Role.INVESTIGATOR], force.other_unit)


def note(case: Case, by: User, text: str = "Rang the taxi rank") -> None:
    operations.record_event(case, actor=actor(by), kind=EventKind.NOTE, at=at(TODAY), text=text)


def entries(case: Case) -> list[Any]:
    with building():
        return list(Event.unguarded.filter(case=case).select_related("by", "on_behalf_of").order_by("recorded_at", "pk"))


def sees(user: User, case: Case) -> bool:
    """By the table of who may, and by the policy; the two agree."""
    with bound_to(user.pk, user.kind, may_write=False) as bound:
        by_table = Case.objects.visible_to(bound.actor, Act.VIEW).filter(pk=case.pk).exists()
        by_policy = bool(ask("SELECT 1 FROM cases_case WHERE id = %s", case.pk))
    with building():
        by_table_alone = Case.objects.visible_to(bound.actor, Act.VIEW).filter(pk=case.pk).exists()
    assert by_table == by_policy == by_table_alone
    return by_table


# When it counts ------------------------------------------------------------------------------------------------------------


def test_counts_from_its_first_day_to_its_last(force, case, stranger):
    cover(force.investigator, stranger, TODAY + timedelta(days=2), days=3)
    seen = []
    for day in range(7):
        set_clock(at(TODAY + timedelta(days=day)))
        seen.append(sees(stranger, case))
    assert seen == [False, False, True, True, True, False, False]


def test_ends_with_the_next_request(as_user, force, case, stranger):
    key = cover(force.investigator, stranger, TODAY)
    browser = as_user(stranger)
    assert "DC Invented Investigator, whom you cover for" in browser.get(f"/cases/{case.reference}/").content.decode()
    assert as_user(force.sergeant).post(f"/cover/{key}/end/").status_code == 302
    assert browser.get(f"/cases/{case.reference}/").status_code == 404
    with pytest.raises(NotVisible):
        note(case, stranger)


@pytest.mark.parametrize("who", ["absent", "covering"])
@pytest.mark.parametrize("what", ["deactivated", "without the role"])
def test_gives_nothing_when_either_has_left(force, case, stranger, who, what):
    cover(force.investigator, stranger, TODAY)
    assert sees(stranger, case)
    person = {"absent": force.investigator, "covering": stranger}[who]
    with building():
        if what == "deactivated":
            User.objects.filter(pk=person.pk).update(is_active=False)
        else:
            RoleAssignment.objects.filter(user=person).update(ends_on=TODAY - timedelta(days=1))
    assert not sees(stranger, case)


def test_gives_a_role_no_more_than_the_covering_person_has(force, case, stranger):
    """A liaison officer’s cases need a liaison officer; an investigator who covers for one that is both gets the investigator’s."""
    liaison = force.liaison_officer
    operations.add_officer(case, actor=actor(force.sergeant), user_id=liaison.pk, basis="LIAISON")
    with building():
        RoleAssignment.objects.create(user=liaison, role=Role.INVESTIGATOR, organisation_kind="POLICE", starts_on=LONG_AGO)
    cover(liaison, stranger, TODAY)
    assert not sees(stranger, case)
    with building():
        RoleAssignment.objects.create(user=stranger, role=Role.LIAISON_OFFICER, organisation_kind="POLICE", starts_on=LONG_AGO)
    assert sees(stranger, case)


def test_restricted_case_and_connected_person_stay_out(force, case, stranger):
    cover(force.investigator, stranger, TODAY)
    cover(force.sergeant, force.other_sergeant, TODAY)
    restricted = log_case(force, has_connected_staff=True, connected_user_ids=())
    assert not sees(stranger, restricted) and not sees(force.other_sergeant, restricted)
    with building(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_caseconnection (id, case_id, user_id, said_by_id, said_at)"
            " SELECT gen_random_uuid(), %s, u, %s, now() FROM unnest(%s::bigint[]) u",
            [case.pk, force.sergeant.pk, [stranger.pk, force.other_sergeant.pk]],
        )
    assert not sees(stranger, case) and not sees(force.other_sergeant, case)


def test_one_hop_and_no_further(force, case, stranger):
    with building():
        third = enrol("third", force.police, [Role.INVESTIGATOR], force.other_unit)
    cover(force.investigator, stranger, TODAY)
    cover(stranger, third, TODAY)
    assert sees(stranger, case) and not sees(third, case)


def test_rank_is_never_lent(force, case):
    """A sergeant who covers for an inspector: the database does not take it; and a row that got in otherwise gives nothing."""
    with refused("cannot do that work"):
        cover(force.inspector, force.other_sergeant, TODAY)
    with building(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_cover (absent_id, covering_id, organisation_kind, starts_on, ends_on, reason, set_by_id, set_at)"
            " VALUES (%s, %s, 'POLICE', %s, %s, 'LEAVE', %s, now())",
            [force.inspector.pk, force.other_sergeant.pk, TODAY, TODAY, force.inspector.pk],
        )
    assert not sees(force.other_sergeant, case)


# In whose name -------------------------------------------------------------------------------------------------------------


def test_what_is_done_stands_in_the_name_of_who_did_it_and_says_for_whom(as_user, force, case, stranger):
    cover(force.investigator, stranger, TODAY)
    note(case, stranger)
    entry = entries(case)[-1]
    assert (entry.by_id, entry.on_behalf_of_id) == (stranger.pk, force.investigator.pk)
    for page in ("chronology/", "", "hand-over/", "as-at/?day_day=3&day_month=11&day_year=2026"):
        assert as_user(force.sergeant).get(f"/cases/{case.reference}/{page}").status_code == 200
    page = as_user(force.sergeant).get(f"/cases/{case.reference}/chronology/").content.decode()
    assert "by DC Invented Stranger for DC Invented Investigator" in page


def test_back_early_both_work_each_in_their_own_right(force, case, stranger):
    cover(force.investigator, stranger, TODAY)
    note(case, force.investigator)
    assert entries(case)[-1].on_behalf_of_id is None


def test_supervisor_who_works_for_an_officer_of_their_own_unit_says_so(force, case):
    """Looking at the case is their own right; to work it is not."""
    cover(force.investigator, force.sergeant, TODAY, by=force.inspector)
    note(case, force.sergeant)
    given(case, by=force.sergeant, owner=force.investigator, due=FOURTEENTH)
    assert [entry.on_behalf_of_id for entry in entries(case)[-2:]] == [force.investigator.pk, None]


def test_nobody_writes_that_they_acted_for_somebody_they_do_not_cover(force, case, stranger):
    cover(force.investigator, stranger, TODAY)
    insert = """INSERT INTO cases_event (id, case_id, kind, subject, nature, text, happened_at, recorded_at, by_id, on_behalf_of_id, struck_because)
        VALUES (gen_random_uuid(), %s, 'NOTE', '', 'FACT', '', rasso.now(), rasso.now(), %s, %s, '') RETURNING 1"""
    with bound_to(stranger.pk, "police", may_write=True):
        assert ask(insert, case.pk, stranger.pk, force.investigator.pk) == [(1,)]
        with refused("new row violates row-level security policy"):
            ask(insert, case.pk, stranger.pk, force.sergeant.pk)
        with refused("new row violates row-level security policy"):
            ask(insert, case.pk, force.investigator.pk, None)


def test_access_record_says_for_whom(as_user, force, case, stranger):
    own = log_case(force, by=stranger, unit_id=force.other_unit.pk, supervisor=force.other_sergeant)
    cover(force.investigator, stranger, TODAY)
    browser = as_user(stranger)
    for address in (f"/cases/{case.reference}/", f"/cases/{own.reference}/", "/cases/"):
        assert browser.get(address).status_code == 200
    with building():
        lines = AccessRecord.objects.filter(user_id=stranger.pk).order_by("-pk").values_list("page", "on_behalf_of")[:3]
        assert list(lines) == [("case-list", [force.investigator.pk]), ("case", []), ("case", [force.investigator.pk])]


def test_case_says_who_sees_it_through_cover_and_until_when(as_user, force, case, stranger):
    cover(force.investigator, stranger, TODAY)
    cover(force.sergeant, force.other_sergeant, TODAY)
    page = as_user(force.sergeant).get(f"/cases/{case.reference}/access/").content.decode()
    assert "Covers for DC Invented Investigator, officer in the case, until 12 November 2026" in page
    assert "Covers for DS Invented Sergeant, who supervises Invented Team One, until 12 November 2026" in page


# Independence --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def review(case):
    set_clock(at(FOURTEENTH))
    with building():
        return Review.unguarded.select_related("case").get(case=case, number=1)


def sign(as_user: Any, user: User, review: Review) -> Any:
    return as_user(user).post(f"/reviews/{review.pk}/", forms.review())


def test_covering_sergeant_completes_the_review_for_the_absent_one(as_user, force, case, review):
    cover(force.sergeant, force.other_sergeant, FOURTEENTH)
    queue = as_user(force.other_sergeant).get("/reviews/?whose=covering").content.decode()
    assert case.reference in queue and "You are covering for DS Invented Sergeant until 25 November." in queue
    assert sign(as_user, force.other_sergeant, review).status_code == 302
    with building():
        signed = Review.unguarded.get(pk=review.pk)
    assert (signed.completed_by_id, signed.on_behalf_of_id) == (force.other_sergeant.pk, force.sergeant.pk)
    words = "DS Invented Other Sergeant for DS Invented Sergeant"
    for address in (
        f"/reviews/{review.pk}/",
        f"/cases/{case.reference}/reviews/",
        f"/cases/{case.reference}/hand-over/",
        f"/cases/{case.reference}/",
        f"/cases/{case.reference}/chronology/",
        f"/reviews/{review.pk}/copy/",
        f"/cases/{case.reference}/as-at/?day_day=16&day_month=11&day_year=2026",
        "/reviews/",
    ):
        assert words in as_user(force.sergeant).get(address).content.decode(), address


def test_who_covers_for_the_officer_does_not_sign(as_user, force, case, review):
    """Their own sergeant covers for them: today, and after it for what they did in the time that is reviewed."""
    key = cover(force.investigator, force.sergeant, FOURTEENTH, by=force.inspector)
    page = sign(as_user, force.sergeant, review)
    assert page.status_code == 409 and workflow.COVERS_FOR_IT in page.content.decode()
    assert workflow.COVERS_FOR_IT in as_user(force.sergeant).get("/reviews/?whose=unit").content.decode()
    operations.record_event(case, actor=actor(force.sergeant), kind=EventKind.NOTE, at=at(TODAY), text="Seen")
    as_user(force.investigator).post(f"/cover/{key}/end/")
    page = sign(as_user, force.sergeant, review)
    assert page.status_code == 409 and workflow.COVERED_FOR_IT in page.content.decode()
    assert workflow.COVERED_FOR_IT in as_user(force.sergeant).get("/reviews/?whose=unit").content.decode()
    assert sign(as_user, force.inspector, review).status_code == 302


def test_who_covered_and_did_nothing_signs_again(as_user, force, case, review):
    key = cover(force.investigator, force.sergeant, FOURTEENTH, by=force.inspector)
    as_user(force.investigator).post(f"/cover/{key}/end/")
    assert sign(as_user, force.sergeant, review).status_code == 302


def test_who_covers_for_a_supervisor_is_judged_themselves(as_user, force, review):
    """The absent sergeant may not sign the case that they work; who covers for them may not either, nor another case they work."""
    with building():
        RoleAssignment.objects.create(
            user=force.other_sergeant, role="INVESTIGATOR", organisation_kind="POLICE", starts_on=LONG_AGO
        )
    own = log_case(force, by=force.sergeant, officer=force.sergeant)
    theirs = log_case(force, by=force.other_sergeant, officer=force.other_sergeant)
    cover(force.sergeant, force.other_sergeant, FOURTEENTH)
    for case, sentence in ((own, workflow.COVERS_FOR_IT), (theirs, "you are the officer in the case")):
        with building():
            due = Review.unguarded.get(case=case, number=1)
        set_clock(at(FOURTEENTH + timedelta(days=9)))
        page = sign(as_user, force.other_sergeant, due)
        assert page.status_code in (403, 409) and sentence in page.content.decode()


def test_who_covers_does_not_verify_what_the_absent_officer_did_nor_agree_to_more_time(as_user, force, case):
    finished = given(case, by=force.sergeant, owner=force.investigator, due=FOURTEENTH)
    done(finished, by=force.investigator)
    waiting = given(case, by=force.sergeant, owner=force.investigator, due=FOURTEENTH)
    asked(waiting, by=force.investigator, until=FOURTEENTH + timedelta(days=2))
    key = cover(force.investigator, force.sergeant, TODAY, by=force.inspector)
    with pytest.raises(Blocked, match="You cover for whoever did it"):
        operations.verify_action(finished, actor=actor(force.sergeant), text="Seen")
    with pytest.raises(Blocked, match="You cover for whoever asks"):
        operations.answer_more_time(waiting, actor=actor(force.sergeant), is_agreed=True, answer="")
    note(case, force.sergeant)
    as_user(force.investigator).post(f"/cover/{key}/end/")
    with pytest.raises(Blocked, match="You worked on this case lately for somebody you covered for"):
        operations.verify_action(finished, actor=actor(force.sergeant), text="Seen")
    assert as_user(force.sergeant).get(action_address(finished, "verify/")).status_code == 409
    operations.verify_action(finished, actor=actor(force.inspector), text="Seen")


def test_who_covers_marks_the_absent_officers_action_as_done(as_user, force, case, stranger):
    action = given(case, by=force.sergeant, owner=force.investigator, due=TODAY)
    cover(force.investigator, stranger, TODAY)
    home = as_user(stranger).get("/home/").content.decode()
    assert "You are covering for DC Invented Investigator until 12 November." in home and "Trace the driver" in home
    assert "DC Invented Stranger covers for you until 12 November." in as_user(force.investigator).get("/home/").content.decode()
    done(action, by=stranger)
    assert (entries(case)[-1].by_id, entries(case)[-1].on_behalf_of_id) == (stranger.pk, force.investigator.pk)


def test_inspector_who_covers_for_the_officer_does_not_close_the_case(as_user, force, case):
    key = cover(force.investigator, force.inspector, TODAY, by=force.sergeant)
    close = f"/cases/{case.reference}/close/"
    assert "You cover for somebody who works on this case." in as_user(force.inspector).get(close).content.decode()
    note(case, force.inspector)
    as_user(force.investigator).post(f"/cover/{key}/end/")
    assert "You worked on this case for somebody you covered for." in as_user(force.inspector).get(close).content.decode()


def test_who_covers_for_an_officer_gets_none_of_a_supervisors_acts(force, case, stranger):
    cover(force.investigator, stranger, TODAY)
    with pytest.raises(NotAllowed):
        operations.allocate_case(case, actor=actor(stranger), officer_id=stranger.pk)
