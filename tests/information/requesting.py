"""A request of the invented victim, as far as a test wants it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from cases.models import Case, Person
from information import operations
from information.enums import CameBy, Identity
from information.models import Certificate, Disposal, SubjectRequest
from information.operations.requests import NewRequest
from information.queries.disposals import Preview, preview_of
from information.queries.requests import Item, bundle_of
from kit.binding import bound_to
from people.models import User
from people.roles import Role
from tests.worlds import MONDAY, Force, actor, building

VICTIM = "Invented Victim-Name"
SUSPECT = "Invented Suspect-Name"


def manager(force: Force) -> User:
    return force.user(Role.INFORMATION_MANAGER)


def open_request(force: Force, **changed: Any) -> SubjectRequest:
    """Received the day before; whoever asks has shown a document."""
    answers: dict[str, Any] = {
        "received_on": MONDAY - timedelta(days=1),
        "came_by": CameBy.LETTER,
        "identity": Identity.DOCUMENT,
        "name": VICTIM,
        "reached_at": "1 Nowhere Lane",
        "acts_through": "",
        "asks_for": "",
        **changed,
    }
    return fetched(operations.open_request(actor=actor(manager(force)), new=NewRequest(**answers)))


def fetched(key: UUID) -> SubjectRequest:
    with building():
        return SubjectRequest.objects.select_related("requester", "rule").get(pk=key)


def person_called(name: str) -> Person:
    with building():
        return Person.unguarded.get(name=name)


def choose(force: Force, request: SubjectRequest, name: str = VICTIM, *, is_theirs: bool = True) -> None:
    person = person_called(name)
    operations.choose_subject(actor=actor(manager(force)), request=request, person_id=person.pk, is_theirs=is_theirs)


def reviewing(force: Force, name: str = VICTIM) -> SubjectRequest:
    request = open_request(force)
    choose(force, request, name)
    operations.begin_review(actor=actor(manager(force)), request=request)
    return fetched(request.pk)


def bound(force: Force, *, may_write: bool = False) -> Any:
    return bound_to(manager(force).pk, "police", may_write=may_write)


def items(request: SubjectRequest) -> list[Item]:
    """As the manager sees them."""
    with building():
        who = User.objects.get(role_assignments__role=Role.INFORMATION_MANAGER)
    with bound_to(who.pk, "police", may_write=False):
        return bundle_of(request).items


def grow_old(force: Force, case: Case, years: int = 11) -> None:
    """The case ended so many years ago, and with it whatever was entered in it."""
    past = f"- make_interval(years => {years})"
    with building(), connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE cases_case SET status = 'TRANSFERRED', closed_at = recorded_at {past}, recorded_at = recorded_at {past},
              reported_at = reported_at {past}, closed_by_id = %s, closing_grounds = 'TAKEN_OVER' WHERE id = %s""",
            [force.inspector.pk, case.pk],
        )
        cursor.execute(
            f"UPDATE cases_event SET recorded_at = recorded_at {past}, happened_at = happened_at {past} WHERE case_id = %s",
            [case.pk],
        )


def opened(force: Force, name: str = VICTIM) -> Person:
    """The record of somebody, due and opened by the manager."""
    person = person_called(name)
    operations.open_review(actor=actor(manager(force)), person_id=person.pk, because="It is due.")
    return person


def preview(user: User, person: Person) -> Preview | None:
    with bound_to(user.pk, "police", may_write=False):
        return preview_of(person.pk)


def proposed(force: Force, person: Person, *, all_places: bool = True) -> Disposal:
    who = manager(force)
    shown = preview(who, person)
    assert shown is not None
    key = operations.propose_disposal(
        actor=actor(who),
        person_id=person.pk,
        seen=shown.digest,
        erased=shown.places if all_places else [],
        because="Ten years have passed.",
    )
    with building():
        return Disposal.objects.get(pk=key)


def approved(force: Force, disposal: Disposal) -> Certificate:
    operations.approve_disposal(
        actor=actor(force.superintendent), disposal=disposal, seen=disposal.digest, because="I have looked at all of it."
    )
    with building():
        return Certificate.objects.get(disposal=disposal)
