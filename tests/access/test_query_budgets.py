"""A page sends the same number of statements for two cases, twenty and two thousand, and for two rows, twenty and two hundred in one case;
the hot pages are pinned, there at two thousand as well.

Every statement of the request counts: session, person, begin and end of the transaction, binding, reading, the line of the record.
The session is written once a minute at most, so it is not among them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Person, RememberedSearch, Review, Victim
from information.models import InformationRule, Requester, RequestPerson, SubjectRequest
from people import session
from people.models import User
from people.roles import Role
from tests.access.asking import BACKEND, Statements
from tests.access.many import LONG_CASE, make_cases
from tests.access.scene import savepoint, undone
from tests.worlds import MONDAY, Force, at, building, make_force, set_clock

# Its worlds are large, so one worker makes them for all of its tests.
pytestmark = pytest.mark.xdist_group("query budgets")

SIZES = {"cases": (2, 20, 2000), "in a case": (2, 20, 200)}
LARGEST = 2000
# Address of a page, from somebody's case; who opens it; the most statements it may send, where that is pinned.
PAGES: dict[str, tuple[Callable[[Case], str], str, int | None]] = {
    "queue": (lambda case: reverse("review-queue"), "sergeant", 9),
    "queue of the unit": (lambda case: reverse("review-queue") + "?whose=unit&show=late", "sergeant", 9),
    "queue of the inspector": (lambda case: reverse("review-queue"), "inspector", 9),
    "queue of the superintendent": (lambda case: reverse("review-queue"), "superintendent", 9),
    "cases of a supervisor": (lambda case: reverse("case-list"), "sergeant", None),
    "cases of an officer": (lambda case: reverse("case-list") + "?order=reference", "investigator", None),
    "export of cases": (lambda case: reverse("export-cases"), "sergeant", None),
    "export of the queue": (lambda case: reverse("export-queue"), "sergeant", None),
    "export of actions": (lambda case: reverse("export-actions", args=[case.reference]), "sergeant", None),
    "search": (lambda case: reverse("search"), "sergeant", None),
    "what a supervisor's search found": (lambda case: found_by(case.supervisor), "sergeant", 9),
    "what an officer's search found": (lambda case: found_by(case.officer), "investigator", 9),
    "names found": (lambda case: found_by(case.officer, "search-names"), "investigator", None),
    "home of an officer": (lambda case: reverse("home"), "investigator", None),
    "home of a sergeant": (lambda case: reverse("home"), "sergeant", None),
    "home of an inspector": (lambda case: reverse("home"), "inspector", None),
    "home of a superintendent": (lambda case: reverse("home"), "superintendent", None),
    "case": (lambda case: reverse("case", args=[case.reference]), "investigator", 15),
    "case of a supervisor": (lambda case: reverse("case", args=[case.reference]), "sergeant", 15),
    "actions of a case": (lambda case: reverse("case-actions", args=[case.reference]), "sergeant", None),
    "action": (lambda case: reverse("action", args=[case.reference, 1]), "investigator", None),
    "giving an action": (lambda case: reverse("give-action", args=[case.reference]), "sergeant", None),
    "verifying an action": (lambda case: reverse("verify-action", args=[case.reference, 1]), "sergeant", None),
    "history of a case": (lambda case: reverse("case-history", args=[case.reference]), "sergeant", None),
    "chronology of a case": (lambda case: reverse("case-chronology", args=[case.reference]), "sergeant", None),
    "chronology of a case, by kind": (
        lambda case: reverse("case-chronology", args=[case.reference]) + "?kind=GROUP_SUSPECT&subject=V1",
        "investigator",
        None,
    ),
    "adding to a case": (lambda case: reverse("record-event", args=[case.reference]), "investigator", None),
    "case as it stood": (
        lambda case: reverse("case-as-at", args=[case.reference]) + "?day_day=2&day_month=11&day_year=2026",
        "sergeant",
        None,
    ),
    "hand-over of a case": (lambda case: reverse("hand-over", args=[case.reference]), "sergeant", None),
    "who may see a case": (lambda case: reverse("case-access", args=[case.reference]), "sergeant", None),
    "text of a case": (lambda case: reverse("copy-case", args=[case.reference]), "investigator", None),
    "dates of a case": (lambda case: reverse("case-dates", args=[case.reference]), "sergeant", None),
    "reviews of a case": (lambda case: reverse("case-reviews", args=[case.reference]), "sergeant", None),
    "copy of a review": (lambda case: reverse("copy-review", args=[completed_review(case).pk]), "sergeant", None),
    "context": (lambda case: reverse("case-context", args=[case.reference]), "investigator", None),
    "plan": (lambda case: reverse("case-plan", args=[case.reference]), "investigator", None),
    "closed cases": (lambda case: reverse("case-list") + "?show=all", "sergeant", None),
    "end of a case": (lambda case: reverse("close-case", args=[case.reference]), "inspector", None),
    "lines of enquiry": (lambda case: reverse("case-enquiries", args=[case.reference]), "investigator", None),
    "rules": (lambda case: reverse("rule-pack"), "sergeant", None),
    "choosing a case for a contact": (lambda case: reverse("log-contact"), "investigator", None),
    "cases to allocate": (lambda case: reverse("to-allocate"), "sergeant", None),
    "hand-over of all": (lambda case: reverse("hand-over-all", args=[case.officer_id]), "sergeant", None),
    "hand-over of work beside": (lambda case: reverse("hand-over-beside", args=[case.officer_id]), "sergeant", None),
    "allocating": (lambda case: reverse("allocate-case", args=[case.reference]), "sergeant", None),
    "people": (lambda case: reverse("people"), Role.ADMINISTRATOR, None),
    "somebody who leaves": (
        lambda case: reverse("deactivate-person", args=[case.officer_id]),
        Role.ADMINISTRATOR,
        None,
    ),
    "units": (lambda case: reverse("units"), Role.ADMINISTRATOR, None),
    "jobs": (lambda case: reverse("jobs"), Role.ADMINISTRATOR, None),
    "audit": (lambda case: reverse("audit") + "?kind=all", Role.AUDITOR, 19),
    "audit of a case": (lambda case: reverse("audit") + f"?reference={case.reference}", Role.AUDITOR, None),
    "home of an auditor": (lambda case: reverse("home"), Role.AUDITOR, None),
    "registers": (lambda case: reverse("audit-registers"), Role.AUDITOR, None),
    "what auditors looked at": (lambda case: reverse("of-auditors"), "superintendent", None),
    "answering an escalation": (
        lambda case: reverse("answer-escalation", args=[case.reference, first_review(case).pk]),
        "inspector",
        None,
    ),
    "everything escalated": (lambda case: reverse("escalations"), "inspector", None),
    "emergency access": (lambda case: reverse("emergency-access"), "investigator", None),
    "restricting a case": (lambda case: reverse("restrict-case", args=[case.reference]), "sergeant", None),
    "restricted cases without a supervisor": (lambda case: reverse("name-supervisor-unseen"), "superintendent", None),
    "cover": (lambda case: reverse("cover"), "sergeant", None),
    "setting cover": (lambda case: reverse("set-cover"), "investigator", None),
    "review": (lambda case: reverse("review", args=[first_review(case).pk]), "sergeant", None),
    "information": (lambda case: reverse("information"), Role.INFORMATION_MANAGER, None),
    "request": (lambda case: reverse("subject-request", args=[request_about(case)]), Role.INFORMATION_MANAGER, None),
    "items of a request": (lambda case: reverse("subject-items", args=[request_about(case)]), Role.INFORMATION_MANAGER, None),
}


def found_by(user: User, page: str = "search-results") -> str:
    """What finds all the cases."""
    with building():
        search = RememberedSearch.unguarded.create(owner=user, words="MANY/", at=timezone.now())
    return reverse(page, args=[search.pk])


def first_review(case: Case) -> Review:
    with building():
        return Review.unguarded.filter(case=case).order_by("number")[0]


def request_about(case: Case) -> Any:
    """Of V1 of the case, whose items wait for a decision."""
    with building():
        request = SubjectRequest.objects.filter(state="REVIEWING").first()
        if request is None:
            victim = Victim.unguarded.get(case=case)
            victim.person = Person.unguarded.create(name="Invented Person", added_by=case.logged_by)
            Victim.unguarded.filter(pk=victim.pk).update(person=victim.person)
            rule = InformationRule.objects.get(profile="JE", code="ANSWER")
            by = User.objects.get(role_assignments__role=Role.INFORMATION_MANAGER)
            request = SubjectRequest.objects.create(
                number=1,
                state="REVIEWING",
                identity="DOCUMENT",
                received_on=MONDAY,
                due_on=MONDAY,
                rule=rule,
                opened_by=by,
                opened_at=at(MONDAY),
            )
            Requester.objects.create(request=request, name="Invented Person")
            RequestPerson.objects.create(request=request, person=victim.person, is_theirs=True, by=by, at=at(MONDAY))
    return request.pk


def completed_review(case: Case) -> Review:
    """The first one; it is completed for the measurement, which is taken back."""
    review = first_review(case)
    with building():
        Review.unguarded.filter(pk=review.pk).update(
            completed_at=timezone.now(), completed_by=case.supervisor, result="SATISFACTORY", own_words="Seen."
        )
    return review


@pytest.fixture(scope="module")
def force(django_db_setup: None, django_db_blocker) -> Iterator[Force]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), undone():
        set_clock(at(MONDAY, 10))
        with building():
            made = make_force()
        yield made


@pytest.fixture(scope="module", autouse=True)
def nobody_is_noted_as_present() -> Iterator[None]:
    """That somebody is there is written once a minute; a page that happens to be the first of its minute sends no statement more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "WRITE_AT_MOST_EVERY", 3600)
        yield


@pytest.fixture(scope="module")
def statements(force: Force) -> dict[tuple[str, str, int], int]:
    """(page, what there is many of, how many) -> statements sent. Each world is made once, and taken back."""
    found = {}
    for many, sizes in SIZES.items():
        for size in sizes:
            found |= {(page, many, size): number for page, number in sent_in(force, made_of(many, size)).items()}
    hot = [page for page, (_, _, most) in PAGES.items() if most]
    found |= {(page, "in a case", LARGEST): number for page, number in sent_in(force, made_of("in a case", LARGEST), hot).items()}
    return found


def made_of(many: str, size: int) -> dict[str, Any]:
    return {"number": size} if many == "cases" else {"number": 1, "each": size}


def sent_in(force: Force, made: dict[str, Any], wanted: Iterable[str] = tuple(PAGES)) -> dict[str, int]:
    """How many statements each page sends where there are these cases."""
    with undone():
        make_cases(force, **made)
        with building():
            case = Case.unguarded.order_by("pk")[0]
        clients = {who: signed_in(force.people.get(who) or getattr(force, who)) for who in {who for _, who, _ in PAGES.values()}}
        return {page: sent(address(case), clients[who]) for page, (address, who, _) in PAGES.items() if page in wanted}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    # Notes that somebody is there, for all requests that follow.
    client.post(reverse("stay-signed-in"))
    return client


def sent(address: str, client: Client) -> int:
    counted = Statements()
    with savepoint():
        with connection.execute_wrapper(counted):
            answer = client.get(address)
        # 409: what may not be done now says so on a page of its own.
        assert answer.status_code in (200, 409), address
    return counted.number


@pytest.mark.parametrize("many", ["cases", "in a case"])
@pytest.mark.parametrize("page", PAGES)
def test_number_of_statements_does_not_grow(statements: dict[tuple[str, str, int], int], page: str, many: str) -> None:
    found = [statements[page, many, size] for size in SIZES[many]]
    assert len(set(found)) == 1, found


@pytest.mark.parametrize("page", [page for page, (_, _, most) in PAGES.items() if most])
def test_hot_page_stays_within_its_budget(statements: dict[tuple[str, str, int], int], page: str) -> None:
    most = PAGES[page][2]
    assert most is not None
    assert max(statements[page, many, LARGEST] for many in ("cases", "in a case")) <= most


def test_a_long_case_costs_no_page_more_than_a_short_one(force: Force, statements: dict[tuple[str, str, int], int]) -> None:
    """500 events, 100 actions, 30 reviews (issue 3)."""
    found = sent_in(force, {"number": 1, "size": LONG_CASE})
    assert found == {page: statements[page, "in a case", 2] for page in PAGES}
    assert [page for page, (_, _, most) in PAGES.items() if most and found[page] > most] == []
