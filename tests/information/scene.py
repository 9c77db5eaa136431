"""What an information manager has before them in the scene of the access tests."""

from datetime import timedelta
from typing import Any

from cases.models import Case, Person, Suspect, Victim
from information import operations
from information.models import (
    Certificate,
    Disposal,
    DisposalAnswer,
    DisposalMark,
    Hold,
    HoldEnd,
    InformationRule,
    ItemDecision,
    Opening,
    RetentionDecision,
    Rewriting,
    SubjectRequest,
)
from people.models import Unit, User
from people.roles import Role
from tests.information.requesting import manager, open_request
from tests.worlds import MONDAY, Force, actor, at, building

YEARS = timedelta(days=11 * 366)


def keep_information(force: Force, case: Case, other: Case) -> dict[str, Any]:
    """A request of V1 of a case whose items wait for a decision; S1 of it is proposed for disposal, S1 of another was disposed of; and a
    record that is due. The parts of the addresses."""
    with building():
        person_id = Victim.unguarded.get(case=case, number=1).person_id
    who = actor(manager(force))
    request = open_request(force)
    operations.choose_subject(actor=who, request=request, person_id=person_id, is_theirs=True)
    operations.begin_review(actor=who, request=request)
    operations.place_hold(actor=who, kind="INQUIRY", about="CASE", reference="JE-2001-00001", because="An inquiry")
    with building():
        keys = {"hold_id": Hold.objects.get().pk, "record_id": record_that_is_due(force).pk}
        keys["disposal_id"] = proposal(force, case, 1).pk
        erased = certificate(proposal(force, other, 2), force.superintendent)
        keys["certificate_id"] = erased.pk
        add_what_is_rare(request, erased)
    return {"request_id": request.pk, "source": "cases_person.name", "row_id": person_id, **keys}


def add_what_is_rare(request: SubjectRequest, erased: Certificate) -> None:
    """So that each table holds a row."""
    disposal, by = erased.disposal, erased.disposal.proposed_by
    signed = {"by": by, "at": at(MONDAY)}
    ItemDecision.objects.create(
        request=request, source="cases_wish.wish", row_id=request.pk, digest="2" * 64, decision="GIVE", **signed
    )
    hold = Hold.objects.create(number=2, kind="COMPLAINT", about="EVERYTHING", because="A complaint", **signed)
    HoldEnd.objects.create(hold=hold, because="It is over", **signed)
    opening = Opening.objects.create(person=disposal.person, because="It is due", **signed)
    RetentionDecision.objects.create(
        person=disposal.person,
        opening=opening,
        why_due="CLEAR_PERIOD",
        due_on=MONDAY,
        decision="DISPOSE",
        because="It is due",
        **signed,
    )
    DisposalMark.objects.create(disposal=disposal, source="cases_event.text", row_id=request.pk, is_erased=True)
    Rewriting.objects.create(certificate=erased, tables=["cases_person"], at=at(MONDAY))


def record_that_is_due(force: Force) -> Person:
    """V1 of a case of a unit that nobody supervises, which ended eleven years ago."""
    long_ago = at(MONDAY) - YEARS
    case = Case(
        reference="JE-2015-00001",
        crime_number="OLD/1/15",
        status="TRANSFERRED",
        **dict.fromkeys(("reported_at", "recorded_at", "logged_at", "closed_at"), long_ago),
        reported_how="CALL",
        happened_when="NOT_KNOWN",
        place="HERE",
        place_kind="NOT_KNOWN",
        relationship="NOT_KNOWN_YET",
        unit=Unit.objects.create(organisation=force.police, name="Invented Archive"),
        closed_by=force.inspector,
        closing_grounds="TAKEN_OVER",
        # Whose role gives no case for having logged it.
        logged_by=force.user(Role.ANALYST),
    )
    Case.unguarded.bulk_create([case])
    person = Person.unguarded.create(name="Invented Bygone-Name", added_by=force.inspector)
    Victim.unguarded.bulk_create([Victim(case=case, number=1, person=person, safe_now="YES")])
    return person


def proposal(force: Force, case: Case, number: int) -> Disposal:
    return Disposal.objects.create(
        number=number,
        person_id=Suspect.unguarded.get(case=case, number=1).person_id,
        rule=InformationRule.objects.get(profile="JE", code="REVIEW_EVERY"),
        because="It is due",
        digest="0" * 64,
        proposed_by=manager(force),
        proposed_at=at(MONDAY),
    )


def certificate(disposal: Disposal, by: User) -> Certificate:
    DisposalAnswer.objects.create(
        disposal=disposal, answer="APPROVED", because="Seen", proposed_by=disposal.proposed_by, by=by, at=at(MONDAY)
    )
    return Certificate.objects.create(
        number=1, disposal=disposal, erased={"cases_person.name": 1}, erased_at=at(MONDAY), digest="1" * 64
    )
