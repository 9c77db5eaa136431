"""Cases that nobody works: the allocation queue, somebody who has left, and the hand-over of all that stands in one name."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from cases import operations
from cases.enums import EventKind, GrantBasis
from cases.models import Action, Case, CaseConnection, CaseGrant, Event
from cases.queries.open_work import open_work
from cases.queries.workers import works_beside
from kit.access import NotAllowed, NotVisible
from kit.refusal import Blocked
from people.models import AccessRecord, Membership, RoleAssignment, User
from people.roles import Role
from tests.cases.rows import nothing_saved
from tests.pages import Sheet
from tests.worlds import MONDAY, NOBODY, actor, at, building, enrol, log_case, set_clock

QUEUE = "/cases/to-allocate/"
NEXT_WEEK = MONDAY + timedelta(days=7)
ONCE = "01939f3e-0000-7000-8000-0000000000a1"


def address(user):
    return f"/cases/hand-over-all/{user.pk}/"


def leave(user):
    with building():
        User.objects.filter(pk=user.pk).update(is_active=False)


def give(case, force, owner, what="See the driver", due_on=NEXT_WEEK):
    return operations.give_action(
        case, actor=actor(force.sergeant), what=what, owner_id=owner.pk, due_on=due_on, look_again_on=due_on
    )


@pytest.fixture
def two(force, case):
    """Two cases of the investigator, the older one with an action of theirs."""
    give(case, force, force.investigator)
    return [case, log_case(force)]


def filled(cases, **officers):
    """The form as the page gives it, with these choices."""
    with building():
        versions = {f"version-{case.reference}": Case.unguarded.get(pk=case.pk).version for case in cases}
    return {**versions, **officers}


def officers_of(cases):
    with building():
        return [Case.unguarded.get(pk=case.pk).officer_id for case in cases]


# The queue ---------------------------------------------------------------------------------------------------------------


def test_queue_holds_cases_without_an_officer_longest_waiting_first(as_user, force):
    set_clock(at(MONDAY))
    first = log_case(force, by=force.first_officer, officer=NOBODY)
    set_clock(at(MONDAY + timedelta(days=1)))
    second = log_case(force, by=force.first_officer, officer=NOBODY)
    log_case(force)
    set_clock(at(MONDAY + timedelta(days=3)))
    page = as_user(force.sergeant).get(QUEUE)
    rows = page.context["found"].waiting
    assert [row.case.reference for row in rows] == [first.reference, second.reference]
    text = Sheet(page).text
    assert "waiting 3 days" in text and "waiting 2 days" in text
    assert f'href="/cases/{first.reference}/allocate/"' in page.content.decode()
    # What is late on the longest waiting one stands there.
    assert "1 day late, was due" in text
    home = as_user(force.sergeant).get("/home/").content.decode()
    assert "2 cases without an officer" in home and QUEUE in home
    assert "No officer yet (2)" in text


def test_case_waits_since_it_has_had_no_officer_here_and_not_since_it_was_recorded(as_user, force):
    set_clock(at(MONDAY))
    logged = log_case(force, by=force.first_officer, officer=NOBODY)
    set_clock(at(MONDAY + timedelta(days=4)))
    taken_over, left_alone = (log_case(force, by=force.first_officer, officer=NOBODY) for _ in range(2))
    with building():
        long_ago = at(MONDAY - timedelta(days=249))
        Case.unguarded.filter(pk__in=[taken_over.pk, left_alone.pk]).update(reported_at=long_ago, recorded_at=long_ago)
        permission = Permission.objects.get(codename="work_on_case")
        given = {"content_object": logged, "permission": permission, "given_by": force.sergeant, "basis": GrantBasis.ASSIGNED}
        CaseGrant.unguarded.create(user=force.investigator, starts_at=at(MONDAY), ends_at=at(MONDAY + timedelta(days=3)), **given)
    set_clock(at(MONDAY + timedelta(days=5)))
    rows = as_user(force.sergeant).get(QUEUE).context["found"].waiting
    assert [row.waiting for row in rows] == ["waiting 2 days", "waiting 1 day", "waiting 1 day"]
    assert rows[0].case == logged and rows[1].day_number == 254


def test_queue_of_another_unit_is_empty_and_says_so(as_user, force):
    set_clock(at(MONDAY))
    log_case(force, by=force.first_officer, officer=NOBODY)
    text = Sheet(as_user(force.other_sergeant).get(QUEUE)).text
    assert "Every case of your units has an officer." in text
    assert "Nobody who is still here has an open case in your units." in text
    assert "without an officer" not in as_user(force.other_sergeant).get("/home/").content.decode()


def test_connected_supervisor_finds_the_case_on_neither_page(as_user, force, case):
    leave(force.investigator)
    with building():
        CaseConnection.unguarded.create(case=case, user=force.sergeant, said_by=force.inspector, said_at=case.logged_at)
    sergeant = as_user(force.sergeant)
    for page in (QUEUE, address(force.investigator), "/home/"):
        assert case.reference not in sergeant.get(page).content.decode()
    assert case.reference in as_user(force.inspector).get(QUEUE).content.decode()


# Several at once ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(force):
    set_clock(at(MONDAY))
    return [log_case(force, by=force.first_officer, officer=NOBODY) for _ in range(3)]


def ticked(cases, officer, **more):
    with building():
        versions = {f"version-{case.reference}": Case.unguarded.get(pk=case.pk).version for case in cases}
    return {**versions, **{f"tick-{case.reference}": "on" for case in cases}, "officer": officer.pk, **more}


def ticks(page):
    return sum(" checked" in box for box in re.findall(r"<input[^>]*checkbox[^>]*>", page.content.decode()))


def test_ticked_cases_go_to_one_officer_after_a_check_each_with_its_entry(as_user, force, waiting):
    sergeant, taker = as_user(force.sergeant), force.other_investigator
    page = sergeant.get(QUEUE)
    assert "Choose all" in Sheet(page).text and ticks(page) == 0
    assert ticks(sergeant.get(f"{QUEUE}?ticked=all")) == 3
    data = ticked(waiting[:2], taker, once=ONCE)
    with nothing_saved():
        check = sergeant.post(QUEUE, data)
    text = Sheet(check).text
    assert "Nothing has been allocated yet" in text and "gets 2 cases and has no open cases." in text
    assert waiting[1].reference in text and waiting[2].reference not in text
    again = sergeant.post(QUEUE, {**data, "change": "yes"})
    assert ticks(again) == 2 and re.search(rf'value="{taker.pk}" selected', again.content.decode())
    done = sergeant.post(QUEUE, {**data, "confirm": "yes"}, follow=True)
    assert f"2 cases allocated to {taker.called}." in Sheet(done).text and "No officer yet (1)" in Sheet(done).text
    assert officers_of(waiting) == [taker.pk, taker.pk, None]
    with building():
        entries = Event.unguarded.filter(case__in=waiting, kind=EventKind.CASE_ALLOCATED, by=force.sergeant)
        assert {(entry.case_id, entry.text) for entry in entries} == {(case.pk, f"To {taker.called}") for case in waiting[:2]}
    assert "That form was sent twice" in sergeant.post(QUEUE, {**data, "confirm": "yes"}, follow=True).content.decode()


def test_none_goes_where_one_cannot(as_user, force, waiting):
    sergeant, taker = as_user(force.sergeant), force.other_investigator
    data = ticked(waiting, taker, confirm="yes")
    with building():
        CaseConnection.unguarded.create(case=waiting[2], user=taker, said_by=force.inspector, said_at=waiting[2].logged_at)
    with nothing_saved():
        refused = sergeant.post(QUEUE, data)
    assert refused.status_code == 409
    assert f"{waiting[2].reference}: It cannot be given to {taker.called}. Choose another officer." in Sheet(refused).text
    operations.allocate_case(waiting[0], actor=actor(force.sergeant), officer_id=force.investigator.pk)
    with nothing_saved():
        refused = sergeant.post(QUEUE, data)
    assert refused.status_code == 422
    assert f"{waiting[0].reference}: it is no longer on this list" in Sheet(refused).text
    to = {waiting[0].pk: operations.Handing(taker.pk, waiting[0].version)}
    with nothing_saved(), pytest.raises(Blocked, match="Somebody else has allocated it meanwhile."):
        operations.allocate_cases(waiting[:1], actor=actor(force.sergeant), to=to)
    for user in (force.investigator, force.other_sergeant):
        with nothing_saved(), pytest.raises((NotVisible, NotAllowed)):
            operations.allocate_cases(waiting[1:2], actor=actor(user), to={waiting[1].pk: operations.Handing(taker.pk, 1)})


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"officer": ""}, "Choose who takes the ticked cases"),
        ({"officer": "999999999"}, "Choose an officer from the list"),
        ({"officer": "\x00"}, "Choose an officer from the list"),
        ({"tick-JE-2026-99999": "on"}, "JE-2026-99999: it is no longer on this list"),
        ({"tick": ""}, "Tick the cases that you allocate"),
        ({"version": "99"}, "somebody else changed it meanwhile"),
    ],
)
def test_bad_choices_allocate_nothing(as_user, force, waiting, bad, words):
    data = {**ticked(waiting[:1], force.investigator), **bad, "confirm": "yes"}
    data = {f"{name}-{waiting[0].reference}" if name in {"tick", "version"} else name: value for name, value in data.items()}
    with nothing_saved():
        page = as_user(force.sergeant).post(QUEUE, data)
    assert page.status_code == 422 and words in Sheet(page).text


def test_nothing_late_is_left_out_of_the_number_however_much_there_is(force, case):
    given = give(case, force, force.investigator, due_on=MONDAY + timedelta(days=1))
    with building():
        fields = {field.attname: getattr(given, field.attname) for field in Action._meta.concrete_fields if field.attname != "id"}
        Action.unguarded.bulk_create(Action(**{**fields, "number": number}) for number in range(2, 1102))
        assert open_work([case], at(MONDAY + timedelta(days=30)))[case.pk].late >= 1101


def test_list_is_filtered_by_unit_and_says_the_true_number(as_user, force, waiting, monkeypatch):
    with building():
        Case.unguarded.filter(pk=waiting[0].pk).update(unit=force.other_unit)
    inspector = as_user(force.inspector)
    assert "No officer yet (3)" in Sheet(inspector.get(QUEUE)).text
    page = inspector.get(QUEUE, {"unit": force.other_unit.pk})
    assert [row.case for row in page.context["found"].waiting] == [waiting[0]]
    for unit in ("x", "999999999", "\x00"):
        assert "No officer yet (3)" in Sheet(inspector.get(QUEUE, {"unit": unit})).text
    assert "All units" not in Sheet(as_user(force.sergeant).get(QUEUE)).text
    monkeypatch.setattr("cases.queries.to_allocate.MOST_CASES", 2)
    text = Sheet(inspector.get(QUEUE)).text
    assert "No officer yet (first 2 of 3)" in text and "Choose all 2 on this page" in text
    assert "3 cases without an officer" in inspector.get("/home/").content.decode()


# Somebody has left -------------------------------------------------------------------------------------------------------


def test_cases_of_whoever_has_left_stand_on_the_supervisors_pages_the_same_day(as_user, force, two):
    set_clock(at(MONDAY + timedelta(days=16)))
    home = as_user(force.sergeant).get("/home/").content.decode()
    assert "has left" not in home and f'href="{address(force.investigator)}"' not in home
    leave(force.investigator)
    page = as_user(force.sergeant).get("/home/")
    blocks = {block.heading: block.items for block in page.context["offer"].blocks}
    *items, over = blocks["DC Invented Investigator has left"]
    assert (over.title, over.url) == ("Hand over all 2 cases", address(force.investigator))
    # What is to be signed or has been escalated stands there only.
    assert items == [] and [item.title for item in blocks["Reviews to do"]] == ["14-day review", "14-day review"]
    text = Sheet(page).text
    assert "A1: See the driver" in text and "Investigation plan" in text
    assert "has left" not in as_user(force.other_sergeant).get("/home/").content.decode()


def test_what_is_late_stands_before_what_is_due(as_user, force, two):
    set_clock(at(MONDAY + timedelta(days=3)))
    leave(force.investigator)
    blocks = {block.heading: block.items for block in as_user(force.sergeant).get("/home/").context["offer"].blocks}
    *items, _ = blocks["DC Invented Investigator has left"]
    lateness = ["late" in item.urgency.word for item in items]
    assert lateness == sorted(lateness, reverse=True)
    assert "A1: See the driver" in [item.title for item in items]
    # Whoever reads them may not add to the case, so a time limit leads to the case.
    plans = {item.url for item in items if item.title == "Investigation plan"}
    assert plans == {f"/cases/{case.reference}/" for case in two}
    text = Sheet(as_user(force.sergeant).get(QUEUE)).text
    assert "DC Invented Investigator has left: 2 cases" in text


def test_what_stands_in_another_block_is_not_repeated(as_user, force, two):
    leave(force.investigator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.move_clock(%s)", [MONDAY + timedelta(days=16)])
    offer = as_user(force.sergeant).get("/home/").context["offer"]
    urls = [item.url for block in offer.blocks for item in block.items if item.url.startswith("/reviews/")]
    assert len(urls) == len(set(urls)) == 2


def test_work_beside_the_officer_is_listed_until_it_is_ended(as_user, force, case):
    colleague, sergeant = force.other_investigator, as_user(force.sergeant)
    operations.add_officer(case, actor=actor(force.sergeant), user_id=colleague.pk, basis=GrantBasis.SECOND)
    give(case, force, colleague)
    leave(colleague)
    assert "DC Invented Other Investigator has left" in sergeant.get("/home/").content.decode()
    text = Sheet(sergeant.get(QUEUE)).text
    assert "DC Invented Other Investigator also worked beside the officer on 1 case" in text
    page = sergeant.get(address(colleague)).content.decode()
    assert "A1: See the driver" in page and f'href="/cases/{case.reference}/officers/take-off/"' in page
    assert "is not the officer in any open case of your units" in page
    sergeant.post(f"/cases/{case.reference}/officers/take-off/", {"person": f"SECOND-{colleague.pk}"})
    with building():
        assert Action.unguarded.get(case=case).owner == force.investigator
    assert "has left" not in sergeant.get("/home/").content.decode()


def end_roles(user):
    """They are still here; the role in which they worked cases ended yesterday."""
    with building():
        RoleAssignment.objects.filter(user=user).update(ends_on=MONDAY - timedelta(days=1))


def test_cases_of_whoever_holds_no_role_for_them_any_more_wait_like_those_of_a_leaver(as_user, force, two):
    set_clock(at(MONDAY))
    end_roles(force.investigator)
    sergeant = as_user(force.sergeant)
    page = sergeant.get(QUEUE)
    text = Sheet(page).text
    assert "DC Invented Investigator no longer works cases: 2 cases" in text
    assert "Nobody who is still here has an open case in your units." in text
    headings = [block.heading for block in sergeant.get("/home/").context["offer"].blocks]
    assert "DC Invented Investigator no longer works cases" in headings
    everything = Sheet(sergeant.get(address(force.investigator))).text
    assert "DC Invented Investigator no longer works cases and is the officer in 2 open cases of your units." in everything
    data = {**filled(two, everybody=force.other_investigator.pk), "confirm": "yes"}
    assert sergeant.post(address(force.investigator), data).status_code == 302
    assert "no longer works cases" not in Sheet(sergeant.get(QUEUE)).text
    assert "no longer works" not in sergeant.get("/home/").content.decode()


def test_whoever_works_cases_in_another_role_is_not_taken_for_a_leaver(as_user, force, two):
    end_roles(force.investigator)
    with building():
        held = {"user": force.investigator, "organisation_kind": "POLICE", "starts_on": MONDAY - timedelta(days=9)}
        RoleAssignment.objects.create(role=Role.SERGEANT, **held)
    assert "no longer works" not in Sheet(as_user(force.sergeant).get(QUEUE)).text


def test_solo_whose_role_has_ended_works_beside_nobody(as_user, force, case):
    solo = force.liaison_officer
    operations.add_officer(case, actor=actor(force.sergeant), user_id=solo.pk, basis=GrantBasis.LIAISON)
    assert "works beside the officer" not in as_user(force.sergeant).get("/home/").content.decode()
    end_roles(solo)
    assert f"{solo.called} no longer works beside the officer" in as_user(force.sergeant).get("/home/").content.decode()
    assert f"{solo.called} also worked beside the officer on 1 case" in Sheet(as_user(force.sergeant).get(QUEUE)).text
    with building():
        assert not works_beside(case, solo.pk, MONDAY)
        assert works_beside(case, solo.pk, MONDAY - timedelta(days=1))


# Hand over all -----------------------------------------------------------------------------------------------------------


def test_all_cases_go_at_once_each_with_its_entry_and_its_actions(as_user, force, two):
    leave(force.investigator)
    sergeant, taker = as_user(force.sergeant), force.other_investigator
    page = sergeant.get(address(force.investigator)).content.decode()
    assert "DC Invented Other Investigator, no open cases" in page and "A1 goes with it: See the driver" in page
    data = filled(two, everybody=taker.pk, once=ONCE)
    check = sergeant.post(address(force.investigator), data)
    assert "DC Invented Other Investigator gets 2 cases and has no open cases." in check.content.decode()
    assert check.status_code == 200 and "Nothing has been handed over yet" in check.content.decode()
    assert officers_of(two) == [force.investigator.pk] * 2
    done = sergeant.post(address(force.investigator), {**data, "confirm": "yes"}, follow=True)
    assert "2 cases handed over: 2 to DC Invented Other Investigator." in done.content.decode()
    assert officers_of(two) == [taker.pk] * 2
    with building():
        assert Action.unguarded.get(case=two[0]).owner == taker
        entries = Event.unguarded.filter(case__in=two, kind=EventKind.CASE_ALLOCATED, recorded_at__gt=two[0].logged_at)
        texts = sorted(entry.text for entry in entries if entry.by_id == force.sergeant.pk)
        newest = AccessRecord.objects.filter(kind="CHANGED", page="hand_over_all").latest("pk")
    assert texts == [f"To {taker.called}", f"To {taker.called}\nWith A1, which was still to do."]
    assert set(newest.case_ids) == {case.pk for case in two}
    assert "has left" not in sergeant.get("/home/").content.decode()
    # A second sending does nothing, and says so.
    again = sergeant.post(address(force.investigator), {**data, "confirm": "yes"}, follow=True)
    assert "That form was sent twice. It was recorded once." in again.content.decode()


def test_action_that_presses_most_stands_once_and_with_one_mark(as_user, force, case):
    give(case, force, force.investigator, what="Who had knowledge?", due_on=MONDAY + timedelta(days=1))
    set_clock(at(MONDAY + timedelta(days=40)))
    with building():
        Action.unguarded.filter(case=case).update(due_on=MONDAY - timedelta(days=30))
    text = Sheet(as_user(force.sergeant).get(address(force.investigator))).text
    assert text.count("Who had knowledge?") == 1 and "?:" not in text
    assert "A1 goes with it." in text


def test_name_with_a_comma_is_read_back_whole(as_user, force, two):
    with building():
        User.objects.filter(pk=force.other_investigator.pk).update(family_name="Comma, MBE")
    check = as_user(force.sergeant).post(address(force.investigator), filled(two, everybody=force.other_investigator.pk))
    assert "DC Invented Comma, MBE gets 2 cases and has no open cases." in Sheet(check).text
    assert Sheet(check).text.count("To DC Invented Comma, MBE") == 2


def beside(user):
    return f"/cases/hand-over-beside/{user.pk}/"


def test_all_work_of_a_solo_goes_to_another_with_its_actions(as_user, force, two):
    first, sergeant = force.liaison_officer, as_user(force.sergeant)
    with building():
        other = enrol("other_solo", force.police, [Role.LIAISON_OFFICER], force.unit)
    for case in two:
        operations.add_officer(case, actor=actor(force.sergeant), user_id=first.pk, basis=GrantBasis.LIAISON)
    operations.add_officer(two[0], actor=actor(force.sergeant), user_id=force.other_investigator.pk, basis=GrantBasis.SECOND)
    give(two[0], force, first, what="Ring V1")
    page = sergeant.get(address(first)).content.decode()
    assert f'href="{beside(first)}"' in page and "There is nothing to hand over" not in page
    assert "A2 goes with it: Ring V1" in Sheet(sergeant.get(beside(first))).text
    empty = sergeant.post(beside(first), {})
    assert empty.status_code == 422 and f"Choose who takes {two[1].reference}, or choose one person" in Sheet(empty).text
    assert sergeant.post(beside(first), {"all-LIAISON": force.other_investigator.pk}).status_code == 422
    data = {"all-LIAISON": other.pk, "once": ONCE}
    with nothing_saved():
        check = Sheet(sergeant.post(beside(first), data)).text
    assert check.count(f"{GrantBasis.LIAISON.label}: to {other.called}") == 2
    with nothing_saved(), pytest.raises(Blocked, match="works on it already|has left, or"):
        to = {(two[0].pk, GrantBasis.LIAISON): other.pk, (two[1].pk, GrantBasis.LIAISON): force.other_investigator.pk}
        operations.hand_over_beside(two, actor=actor(force.sergeant), from_id=first.pk, to=to)
    assert "2 cases handed over." in sergeant.post(beside(first), {**data, "confirm": "yes"}, follow=True).content.decode()
    with building():
        running = CaseGrant.unguarded.filter(content_object__in=two, basis=GrantBasis.LIAISON, ends_at=None)
        assert {(grant.content_object_id, grant.user_id) for grant in running} == {(case.pk, other.pk) for case in two}
        assert Action.unguarded.get(case=two[0], number=2).owner == other
        entries = Event.unguarded.filter(case=two[0], kind__in=[EventKind.OFFICER_LEFT, EventKind.OFFICER_ADDED])
        assert {f"{user.called}: {GrantBasis.LIAISON.label}" for user in (first, other)} <= {entry.text for entry in entries}
    assert "There is nothing to hand over" in Sheet(sergeant.get(beside(first))).text
    for user in (force.investigator, force.other_sergeant):
        with nothing_saved(), pytest.raises((NotVisible, NotAllowed)):
            operations.hand_over_beside(two, actor=actor(user), from_id=other.pk, to={(two[0].pk, GrantBasis.LIAISON): first.pk})


def test_somebody_who_is_still_here_hands_over_to_several(as_user, force, two):
    sergeant = as_user(force.sergeant)
    assert f'href="{address(force.investigator)}"' in sergeant.get(QUEUE).content.decode()
    choices = {f"officer-{two[1].reference}": force.other_investigator.pk}
    refused = sergeant.post(address(force.investigator), filled(two, **choices))
    assert refused.status_code == 422 and f"Choose who takes {two[0].reference}" in refused.content.decode()
    refused = sergeant.post(address(force.investigator), filled(two, everybody=force.first_officer.pk))
    assert refused.status_code == 422 and "Choose an officer from the list" in refused.content.decode()
    changed = sergeant.post(address(force.investigator), filled(two, everybody=force.other_investigator.pk, change="yes"))
    assert re.search(rf'value="{force.other_investigator.pk}" selected', changed.content.decode())


def refusal(browser, person, data):
    """What stands beside each case when the last step is refused."""
    page = browser.post(address(person), {**data, "confirm": "yes"})
    return page.status_code, Sheet(page).text


def test_nothing_goes_where_one_receiver_is_connected(as_user, force, two):
    with building():
        CaseConnection.unguarded.create(
            case=two[1], user=force.other_investigator, said_by=force.inspector, said_at=two[1].logged_at
        )
    data = filled(two, everybody=force.other_investigator.pk)
    with nothing_saved():
        status, text = refusal(as_user(force.sergeant), force.investigator, data)
    assert status == 409
    assert f"{two[1].reference}: It cannot be given to DC Invented Other Investigator. Choose another officer." in text
    assert officers_of(two) == [force.investigator.pk] * 2
    with building():
        assert Action.unguarded.get(case=two[0]).owner == force.investigator


def test_nothing_goes_where_one_was_changed_or_handed_over_meanwhile(as_user, force, two):
    data = filled(two, everybody=force.other_investigator.pk)
    operations.record_context(
        two[0],
        actor=actor(force.investigator),
        version=0,
        relationship="JUST_MET",
        answers=dict.fromkeys(("how_known", "power", "victim_context", "suspect_context"), "")
        | {"duration": "NOT_KNOWN", "domestic_abuse": "NO", "exploited": []},
    )
    operations.allocate_case(two[1], actor=actor(force.inspector), officer_id=force.sergeant.pk)
    with nothing_saved():
        status, text = refusal(as_user(force.sergeant), force.investigator, data)
    assert status == 422
    assert f"{two[0].reference}: somebody else changed it meanwhile." in text
    assert f"{two[1].reference}: it is no longer on this list" in text


def test_under_the_lock_each_case_is_looked_at_again(force, two):
    """Between the page and the act: one closed its version, one has another officer, the third receiver has left."""
    third = log_case(force)
    handing = operations.Handing
    to = {
        two[0].pk: handing(force.other_investigator.pk, 99),
        two[1].pk: handing(force.investigator.pk, two[1].version),
        third.pk: handing(force.other_investigator.pk, third.version),
    }
    leave(force.other_investigator)
    operations.allocate_case(two[1], actor=actor(force.sergeant), officer_id=force.sergeant.pk)
    with nothing_saved(), pytest.raises(Blocked) as refused:
        operations.hand_over_all([*two, third], actor=actor(force.sergeant), from_id=force.investigator.pk, to=to)
    assert set(refused.value.reasons) == {
        f"{two[0].reference}: It was changed by somebody else meanwhile. Look at it again, then choose again.",
        f"{two[1].reference}: Somebody else has handed it over meanwhile.",
        f"{third.reference}: Whoever was to take it has left. Choose another officer.",
    }


def test_whoever_may_not_allocate_one_of_them_hands_over_none(force, two):
    to = {case.pk: operations.Handing(force.other_investigator.pk, case.version) for case in two}
    for user in (force.investigator, force.other_sergeant):
        with nothing_saved(), pytest.raises((NotVisible, NotAllowed)):
            operations.hand_over_all(two, actor=actor(user), from_id=force.investigator.pk, to=to)


def test_person_of_another_unit_does_not_exist_here(as_user, force):
    with building():
        Membership.objects.filter(user=force.other_investigator).update(unit=force.other_unit)
    assert as_user(force.sergeant).get(address(force.other_investigator)).status_code == 404
    assert as_user(force.inspector).get(address(force.other_investigator)).status_code == 200
    assert as_user(force.investigator).get(address(force.investigator)).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        {"everybody": "999999999"},
        {"everybody": "\x00"},
        {"everybody": "x" * 5000},
        {"version-JE-2026-99999": "1"},
        {"version-<script>": "1"},
    ],
)
def test_bad_input_is_refused_and_changes_nothing(as_user, force, two, bad):
    with nothing_saved():
        page = as_user(force.sergeant).post(address(force.investigator), {**filled(two), **bad, "confirm": "yes"})
    assert page.status_code == 422 and "<script>" not in page.content.decode().split("<main")[1]
