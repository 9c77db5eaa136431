"""Emergency access: opened with a reason, told at once, ended after an hour, reviewed by somebody else."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from cases import operations
from cases.enums import Act
from cases.models import Case, CaseConnection, EmergencyAccess, Message
from cases.models.emergency import EmergencyReason
from cases.operations.reminders import send_reminders
from cases.queries.emergency import looks_in
from kit.binding import bound_to
from people.models import AccessRecord, Membership
from people.roles import Role
from tests import worlds
from tests.access.asking import BY_CHANCE, Statements
from tests.access.scene import undone
from tests.access.sql import refused as refused_by_database
from tests.worlds import MONDAY, actor, at, building, log_case, set_clock

URL = "/cases/emergency/"


def form(reference: str, **changed: str) -> dict[str, str]:
    return {"reference": reference, "why": "SAFE_CONTACT", "words": "She rang; the safe way is needed tonight.", **changed}


def opened(force, case, by=None):
    operations.open_emergency_access(
        actor=actor(by or force.other_sergeant), reference=case.reference, why=EmergencyReason.IN_DANGER, words="She rang."
    )
    into_the_next_transaction()
    with building():
        return EmergencyAccess.unguarded.get(case=case)


def into_the_next_transaction():
    """A test is one transaction whose time stands still; outside, a later transaction has a later time."""
    set_clock(bound_now() + timedelta(seconds=1))


def bound_now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.now()")
        return cursor.fetchone()[0]


def test_opens_the_case_for_an_hour_to_look_at_only(as_user, force, case):
    browser = as_user(force.other_sergeant)
    page = f"/cases/{case.reference}/"
    assert browser.get(page).status_code == 404
    answer = browser.post(URL, form(case.reference.lower()))
    assert (answer.status_code, answer.url) == (302, page)
    into_the_next_transaction()
    shown = browser.get(page).content.decode()
    assert "Emergency access until 10:00. Everything you open is recorded." in shown
    assert browser.get(f"{page}names/").status_code == 200
    assert browser.get(f"{page}allocate/").status_code == 403
    assert browser.get(f"{page}copy/").status_code == 403
    assert browser.get(f"{page}actions/export/").status_code == 403
    assert case.reference in browser.get("/cases/").content.decode()
    assert case.reference not in browser.get("/cases/export/").content.decode()
    assert case.reference not in browser.get("/home/").content.decode()
    assert case.reference not in browser.get("/reviews/?whose=all").content.decode()
    set_clock(at(MONDAY + timedelta(days=1), 10))
    assert browser.get(page).status_code == 404


def test_opens_nothing_to_write_to_even_for_a_smuggled_statement(force, case):
    """The database refuses it as well, until the case is theirs for another reason."""
    opened(force, case)
    writes = (
        "UPDATE cases_case SET version = version + 1 WHERE id = %s",
        "UPDATE cases_review SET version = version + 1 WHERE case_id = %s AND number = 1",
        "UPDATE cases_suspect SET description = 'x' WHERE case_id = %s",
        "INSERT INTO cases_event (id, case_id, kind, subject, nature, struck_because, text, happened_at, recorded_at, by_id)"
        " SELECT gen_random_uuid(), %s, 'NOTE', '', 'FACT', '', 'x', rasso.now(), rasso.now(), rasso.actor()",
    )
    for write in writes:
        with bound_to(force.other_sergeant.pk, "police", may_write=True), refused_by_database("row-level security"):
            run_with(write, case.pk)
    with building():
        Membership.objects.create(user=force.other_sergeant, unit=force.unit, starts_on=MONDAY)
    for write in writes:
        with undone(), bound_to(force.other_sergeant.pk, "police", may_write=True):
            assert run_with(write, case.pk) == 1


OPEN = "SELECT rasso.open_emergency_access(%s, 'OTHER', 'x', rasso.today() + 1)"


def test_opens_nothing_to_a_smuggled_statement_that_takes_it_back(force, case):
    """A look needs a grant that is committed: in the transaction that writes it nothing is seen, so nothing can be seen without a trace."""
    look = "SELECT 1 FROM cases_case WHERE id = %s"
    look_at_names = "SELECT 1 FROM cases_victim WHERE case_id = %s"
    with bound_to(force.other_sergeant.pk, "police", may_write=True):
        with undone():
            assert run_with(OPEN, case.reference) == 1
            assert run_with("SELECT 1 FROM cases_emergencyaccess WHERE case_id = %s", case.pk) == 1
            assert (run_with(look, case.pk), run_with(look_at_names, case.pk)) == (0, 0)
            assert not Case.objects.visible_to(actor(force.other_sergeant), Act.VIEW).filter(pk=case.pk).exists()
        assert run_with("SELECT 1 FROM cases_emergencyaccess WHERE case_id = %s", case.pk) == 0
    opened(force, case)
    with bound_to(force.other_sergeant.pk, "police", may_write=True):
        assert (run_with(look, case.pk), run_with(look_at_names, case.pk)) == (1, 1)


def test_nobody_opens_more_than_five_in_an_hour(force, case):
    """Not by the page, and not by a smuggled statement, which leaves no refusal behind to be counted."""
    cases = [case, *(log_case(force) for _ in range(5))]
    with bound_to(force.other_sergeant.pk, "police", may_write=True):
        keys = [opened_by_statement(one.reference) for one in cases]
    assert keys == [*(one.pk for one in cases[:5]), None]
    set_clock(bound_now() + timedelta(hours=1))
    with bound_to(force.other_sergeant.pk, "police", may_write=True):
        assert opened_by_statement(cases[5].reference) == cases[5].pk


def opened_by_statement(reference):
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [reference])
        return cursor.fetchone()[0]


def run_with(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


@pytest.mark.parametrize("page", ["", "chronology/", "names/", "dates/"])
def test_is_not_put_on_paper(as_user, force, case, page):
    """Who has the case for another reason as well prints it, and the print is recorded."""
    opened(force, case)
    browser = as_user(force.other_sergeant)
    address = f"/cases/{case.reference}/{page}"
    answer = browser.get(address, {"print": "1"})
    assert (answer.status_code, "Nothing is copied, exported or printed" in answer.content.decode()) == (403, True)
    assert 'href="?print=1"' not in browser.get(address).content.decode()
    with building():
        Membership.objects.create(user=force.other_sergeant, unit=force.unit, starts_on=MONDAY)
    assert browser.get(address, {"print": "1"}).status_code == 200
    with building():
        about = AccessRecord.objects.filter(user_id=force.other_sergeant.pk, case_ids=[case.pk]).exclude(kind="CHANGED")
        assert list(about.order_by("pk").values_list("kind", "outcome"))[0::2] == [("REFUSED", 403), ("PRINTED", None)]


def test_is_ended_by_a_press_and_by_nobody_else(as_user, force, case):
    emergency = opened(force, case)
    end = reverse("end-emergency-access", args=[emergency.pk])
    assert as_user(force.investigator).post(end).status_code == 404
    browser = as_user(force.other_sergeant)
    assert browser.post(end).status_code == 302
    assert browser.get(f"/cases/{case.reference}/").status_code == 404
    assert browser.post(end).status_code == 404


@pytest.fixture
def refused(force, case):
    """References that are not opened to the other sergeant, by why."""
    restricted = log_case(force, has_connected_staff=True)
    barred = log_case(force)
    with building():
        CaseConnection.unguarded.create(case=barred, user=force.other_sergeant, said_by=force.sergeant, said_at=barred.logged_at)
    return {"none": "JE-2026-00000", "restricted": restricted.reference, "barred": barred.reference}


def test_what_is_not_opened_answers_alike(as_user, force, refused):
    browser = as_user(force.other_sergeant)
    browser.get(URL)
    answers = {}
    for why, reference in refused.items():
        counted = Statements()
        with connection.execute_wrapper(counted):
            answer = browser.post(URL, form(reference))
        body = BY_CHANCE.sub("", answer.content.decode()).replace(reference, "…")
        answers[why] = (answer.status_code, body, counted.number)
    assert answers["none"] == answers["restricted"] == answers["barred"]
    assert answers["none"][0] == 409
    with building():
        assert not EmergencyAccess.unguarded.exists()


def test_nobody_tries_one_reference_after_another(as_user, force, case):
    browser = as_user(force.other_sergeant)
    for _ in range(10):
        browser.post(URL, form("JE-2026-00000"))
    assert browser.post(URL, form(case.reference)).status_code == 409
    with building():
        # One line for each, with what was tried beside it.
        tried = AccessRecord.objects.filter(user_id=force.other_sergeant.pk, kind="REFUSED", page="emergency-access")
        assert (tried.count(), tried.filter(basis=case.reference, case_ids=[case.pk]).count()) == (11, 1)


WRONG = [
    ({"reference": ""}, "Enter the reference of the case"),
    ({"reference": "42"}, "Enter a reference like JE-2026-00042"),
    ({"why": ""}, "Choose why you need the case now"),
    ({"words": " "}, "Say what has happened and what you will do"),
    ({"words": "x" * 501}, "Shorten this to 500 characters"),
    ({"words": "a\x07b"}, "Delete the character that cannot be shown"),
]


def test_says_what_is_missing_and_keeps_what_was_typed(as_user, force, case):
    browser = as_user(force.other_sergeant)
    for changed, sentence in WRONG:
        answer = browser.post(URL, {**form(case.reference), **changed})
        page = answer.content.decode()
        assert (answer.status_code, sentence in page) == (422, True), (changed, page)
    with building():
        assert not EmergencyAccess.unguarded.exists()


def test_supervisor_and_auditor_hear_at_once_and_without_content(monkeypatch, force, case):
    opened(force, case)
    monkeypatch.setattr(worlds, "LOGIN", "rasso_worker")
    with building():
        pass
    send_reminders()
    with building():
        told = set(Message.unguarded.filter(kind="ALERT", sent_at__isnull=False).values_list("owner_id", flat=True))
    assert told == {force.sergeant.pk, force.user(Role.AUDITOR).pk}
    alerts = [letter for letter in mail.outbox if letter.to in ([force.sergeant.email], [force.user(Role.AUDITOR).email])]
    assert any(letter.body.startswith("1 to look at now") for letter in alerts)
    assert not any(case.reference in letter.subject + letter.body for letter in mail.outbox)


def test_is_reviewed_once_by_a_second_person(as_user, force, case):
    emergency = opened(force, case)
    page = reverse("review-emergency-access", args=[emergency.pk])
    answer = {"found": "JUSTIFIED", "words": "She was rung back by 22:00."}
    assert page in as_user(force.sergeant).get("/home/").content.decode()
    assert as_user(force.other_sergeant).get(page).status_code == 404
    assert as_user(force.other_sergeant).post(page, answer).status_code == 404
    assert as_user(force.sergeant).post(page, {"found": "JUSTIFIED", "words": ""}).status_code == 422
    auditor = as_user(force.user(Role.AUDITOR))
    shown = auditor.get(page).content.decode()
    assert case.reference in shown and "She rang." in shown and "Victim" not in shown
    assert auditor.post(page, answer).status_code == 302
    assert as_user(force.sergeant).post(page, answer).status_code == 409
    assert page not in as_user(force.sergeant).get("/home/").content.decode()


def test_reviewer_is_shown_what_was_opened(as_user, force, case):
    """When and which page, nothing of what stands on it; not what was opened before, of other cases, or by other people."""
    other = log_case(force)
    emergency = opened(force, case)
    opened_too = opened(force, other)
    page = reverse("review-emergency-access", args=[emergency.pk])
    assert "Nothing of the case was opened." in as_user(force.sergeant).get(page).content.decode()
    browser = as_user(force.other_sergeant)
    for address in (f"/cases/{case.reference}/names/", f"/cases/{other.reference}/dates/", f"/cases/{case.reference}/"):
        assert browser.get(address).status_code == 200
    assert as_user(force.investigator).get(f"/cases/{case.reference}/chronology/").status_code == 200
    for reader in (force.sergeant, force.user(Role.AUDITOR)):
        shown = as_user(reader).get(page).content.decode()
        assert looks_on(shown) == ["Names shown: names and contact", "Looked at: the page of the case"]
        assert "Text only" not in shown and "Victim" not in shown
        assert ("You decide whether" in shown, "The auditor sees it at once" in shown) == (
            reader != force.sergeant,
            reader == force.sergeant,
        )
    assert looks_on(as_user(force.sergeant).get(reverse("review-emergency-access", args=[opened_too.pk])).content.decode()) == [
        "Looked at: case dates"
    ]
    with building():
        latest = AccessRecord.objects.filter(user_id=force.sergeant.pk, page="review-emergency-access").latest("pk")
    assert (latest.kind, latest.case_ids) == ("LOOKED_AT", [other.pk])


def looks_on(page):
    return [unescape(cell) for cell in re.findall(r'<td class="govuk-table__cell">([^<]*: [^<]*)</td>', page)]


def test_what_was_opened_is_shown_from_opening_to_end(force, case):
    """Where the clock is not moved, by time; and to whoever may review it alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (now,) = cursor.fetchone()
    set_clock(now)
    emergency = opened(force, case)
    for moved, kind in ((-3700, "before"), (0, "at first"), (1800, "refused"), (3700, "after")):
        with building():
            AccessRecord.objects.create(
                at=emergency.given_at + timedelta(seconds=moved + 1),
                user_id=force.other_sergeant.pk,
                kind="LOOKED_AT",
                page=kind,
                case_ids=[case.pk],
            )
    set_clock(now)
    seen = {}
    for name in ("sergeant", "other_sergeant", "investigator"):
        somebody = getattr(force, name)
        with bound_to(somebody.pk, somebody.kind, may_write=False):
            seen[name] = [look.page for look in looks_in(emergency.pk)]
    assert seen == {"sergeant": ["at first", "refused"], "other_sergeant": [], "investigator": []}


def test_nobody_reviews_their_own(as_user, force, case):
    """Not even an auditor, or whoever has come to supervise the case since."""
    emergency = opened(force, case)
    with building():
        force.other_sergeant.memberships.create(unit=force.unit, starts_on="2020-01-01")
    page = reverse("review-emergency-access", args=[emergency.pk])
    assert "You opened it yourself" in as_user(force.other_sergeant).get(page).content.decode()
    assert as_user(force.other_sergeant).post(page, {"found": "JUSTIFIED", "words": "I know."}).status_code == 404


def test_case_that_becomes_restricted_is_lost_at_once(as_user, force, case):
    opened(force, case)
    browser = as_user(force.other_sergeant)
    assert browser.get(f"/cases/{case.reference}/").status_code == 200
    with building():
        type(case).unguarded.filter(pk=case.pk).update(is_restricted=True)
    assert browser.get(f"/cases/{case.reference}/").status_code == 404


def test_what_is_seen_anyway_is_not_opened(as_user, force, case):
    assert as_user(force.sergeant).post(URL, form(case.reference)).status_code == 302
    with building():
        assert not EmergencyAccess.unguarded.exists()


def test_late_review_is_told_again_and_marked_late(monkeypatch, as_user, force, case):
    emergency = opened(force, case)
    set_clock(at(MONDAY + timedelta(days=3)))
    page = reverse("review-emergency-access", args=[emergency.pk])
    assert "Late" in as_user(force.user(Role.AUDITOR)).get(page).content.decode()
    monkeypatch.setattr(worlds, "LOGIN", "rasso_worker")
    with building():
        Message.unguarded.filter(kind="ALERT").update(sent_at=case.logged_at, local_date=MONDAY - timedelta(days=9))
    for _ in range(2):
        send_reminders()
    with building():
        again = set(Message.unguarded.filter(kind="ALERT", local_date__gt=MONDAY).values_list("owner_id", flat=True))
        assert Message.unguarded.filter(kind="ALERT").count() == 4
    assert again == {force.sergeant.pk, force.user(Role.AUDITOR).pk}
