"""The scene of the access tests: a case in each state that matters, and everybody who could ask for it.

Built once per module and never changed: what a test does to it is taken back (`undone`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.utils import timezone
from uuid6 import uuid7

from audit.models import Breach, Check, Signal
from cases import operations
from cases.enums import GrantBasis, ReminderAbout, ReminderStage
from cases.models import (
    Action,
    Case,
    CaseConnection,
    CaseGrant,
    Context,
    Draft,
    EmergencyAccess,
    EndedConnection,
    EscalationAnswer,
    Event,
    ImportRow,
    ImportRun,
    InvestigationPlan,
    LineOfEnquiry,
    MoreTime,
    RememberedSearch,
    Review,
    ReviewAnswer,
    TimeLimit,
)
from cases.models.emergency import EmergencyReason
from kit.binding import bound_to
from people.models import AccessRecord, Membership, RoleAssignment, SearchedWords, Unit, User
from people.roles import POLICE_ROLES, Role
from tests.covers import cover
from tests.information.scene import keep_information
from tests.worlds import MONDAY, NOBODY, Force, actor, at, building, enrol, log_case, make_force, set_clock

TODAY = MONDAY + timedelta(days=14)
# Roles that reach cases in some relation; each has columns of its own in the matrix.
WITH_CASES = {Role.FIRST_OFFICER, Role.INVESTIGATOR, Role.LIAISON_OFFICER, Role.SERGEANT, Role.INSPECTOR, Role.SUPERINTENDENT}


def savepoint() -> Any:
    """Like the transaction around any test: inside, a durable one is allowed."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    return atomic


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is taken back at its end."""
    with savepoint():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@dataclass(frozen=True)
class Relation:
    """A column of the matrix: these people, each asking for this case as their own."""

    people: tuple[User, ...]
    case: str


@dataclass
class Scene:
    force: Force
    cases: dict[str, Case]
    relations: dict[str, Relation]
    # Crime reports begun two weeks ago and never logged: one of the unit, one elsewhere.
    drafts: dict[str, Draft]
    # The cover for the officer in the case at hand.
    cover_id: int
    # Who is connected with somebody in the case at hand, and in one elsewhere.
    connections: dict[str, CaseConnection]
    # An emergency access to the case at hand, open now; and one that has run out, to the case elsewhere.
    emergencies: dict[str, EmergencyAccess]
    # Trackers that are taken over: the inspector's, and somebody else's.
    runs: dict[str, ImportRun]
    # What the auditor's pages are about: something that stands out, a check, a breach, a search.
    audited: dict[str, Any]
    # What the officer of the case at hand searched for, and somebody else.
    searches: dict[str, RememberedSearch]
    # What the information manager works on: parts of addresses.
    information: dict[str, Any]

    @property
    def everybody(self) -> list[User]:
        """Each person once."""
        return list({user.pk: user for relation in self.relations.values() for user in relation.people}.values())

    def review_of(self, case: str) -> Review:
        """The first review of a case, open."""
        with building():
            return Review.unguarded.get(case=self.cases[case], number=1)

    def event_of(self, case: str) -> Event:
        """The first entry of a case."""
        with building():
            return Event.unguarded.filter(case=self.cases[case]).order_by("happened_at", "pk")[0]

    def role_of(self, user: User) -> RoleAssignment:
        with building():
            return RoleAssignment.objects.get(user=user)

    def limit_of(self, case: str) -> TimeLimit:
        """A time limit of a case, running."""
        with building():
            return TimeLimit.unguarded.filter(case=self.cases[case]).order_by("due_on", "pk")[0]


def make_scene() -> Scene:
    set_clock(at(MONDAY, 10))
    with building():
        force = make_force()
        extras = make_more_people(force)
    cases = make_cases(force, extras)
    set_clock(at(TODAY))
    with building():
        for number, case in enumerate(cases.values(), start=1):
            case.refresh_from_db()
            add_children(case, number)
    give_around(force, cases, extras)
    more = {
        "cover_id": set_covers(force, extras),
        "connections": connections(cases, extras),
        "emergencies": open_in_emergency(cases, extras),
        "runs": make_runs(force, extras),
        "searches": make_searches(force, extras),
        "information": keep_information(force, cases["at hand"], cases["allocated since"]),
        "audited": make_audited(force),
    }
    return Scene(force, cases, relations(force, extras), make_drafts(force, extras), **more)


def make_runs(force: Force, extras: dict[str, User]) -> dict[str, ImportRun]:
    with building():
        runs = {}
        for name, owner in {"at hand": force.inspector, "elsewhere": extras["sergeant_elsewhere"]}.items():
            runs[name] = ImportRun.unguarded.create(owner=owner, heads=["Crime number"], begun_at=at(MONDAY))
            ImportRow.unguarded.create(owner=owner, run=runs[name], number=2, cells=["T/1/26"])
        return runs


def make_searches(force: Force, extras: dict[str, User]) -> dict[str, RememberedSearch]:
    owners = {"at hand": force.investigator, "elsewhere": extras["investigator_elsewhere"]}
    with building():
        return {
            name: RememberedSearch.unguarded.create(owner=owner, words="JE-2026", at=at(TODAY)) for name, owner in owners.items()
        }


def make_audited(force: Force) -> dict[str, Any]:
    searcher, salt, words = force.investigator.pk, uuid4(), "the Investigator family of Nowhere"
    digest = sha256(f"{salt}{words}".encode()).digest()
    with building():
        search = AccessRecord.objects.create(
            at=timezone.now(), user_id=searcher, kind="SEARCHED", page="search", words_digest=digest, address="10.0.0.1"
        )
        SearchedWords.objects.create(record=search, salt=salt, words=words)
        signal = Signal.objects.create(kind="OWN_NAME", part=1, entry_id=search.pk, at=search.at, user_id=searcher)
        # An auditor whom many were refused: another than an auditor has to look at that.
        refused = AccessRecord.objects.create(at=timezone.now(), user_id=force.user(Role.AUDITOR).pk, kind="REFUSED", page="case")
        of_auditor = Signal.objects.create(
            kind="MANY_REFUSED", part=1, entry_id=refused.pk, at=refused.at, user_id=refused.user_id, number=11
        )
        looked_up = AccessRecord.objects.create(
            at=timezone.now(), user_id=force.user(Role.AUDITOR).pk, kind="LISTED", page="audit", words_digest=digest
        )
        SearchedWords.objects.create(record=looked_up, salt=salt, words=words)
        check = Check.objects.create(by_id=0, began_at=timezone.now(), last_number=0)
        breach = Breach.objects.create(
            known_at=timezone.now(), what="A print was left in a printer", entered_by_id=0, entered_at=timezone.now()
        )
        return {
            "entry_id": search.pk,
            "signal_id": signal.pk,
            "auditors_signal_id": of_auditor.pk,
            "auditors_entry_id": looked_up.pk,
            "check_id": check.pk,
            "breach_id": breach.pk,
        }


def make_drafts(force: Force, extras: dict[str, User]) -> dict[str, Draft]:
    owners = {"at hand": force.other_investigator, "elsewhere": extras["investigator_elsewhere"]}
    with building():
        return {
            name: Draft.unguarded.create(owner=owner, form="log-case", payload={}, begun_at=at(MONDAY), updated_at=at(MONDAY))
            for name, owner in owners.items()
        }


def make_more_people(force: Force) -> dict[str, User]:
    """Second holders of a role, who stand in another relation to the same case."""
    elsewhere = Unit.objects.create(organisation=force.police, name="Invented Crime Elsewhere")
    people = {
        "investigator_elsewhere": enrol("investigator_elsewhere", force.police, [Role.INVESTIGATOR], elsewhere),
        "second_investigator": enrol("second_investigator", force.police, [Role.INVESTIGATOR], force.other_unit),
        "sergeant_elsewhere": enrol("sergeant_elsewhere", force.police, [Role.SERGEANT], elsewhere),
        "other_liaison_officer": enrol("other_liaison_officer", force.police, [Role.LIAISON_OFFICER], force.unit),
        "connected_sergeant": enrol("connected_sergeant", force.police, [Role.SERGEANT], force.unit),
        "named_sergeant": enrol("named_sergeant", force.police, [Role.SERGEANT], force.other_unit),
        "former_sergeant": enrol("former_sergeant", force.police, [Role.SERGEANT], force.unit),
        "transferred_sergeant": enrol("transferred_sergeant", force.police, [Role.SERGEANT], force.unit),
        "covering_investigator": enrol("covering_investigator", force.police, [Role.INVESTIGATOR], force.other_unit),
        "covering_sergeant": enrol("covering_sergeant", force.police, [Role.SERGEANT], force.other_unit),
        "covers_coverers": enrol("covers_coverers", force.police, [Role.SERGEANT], force.other_unit),
        "emergency_holder": enrol("emergency_holder", force.police, [Role.INVESTIGATOR], force.other_unit),
        "late_emergency_holder": enrol("late_emergency_holder", force.police, [Role.INVESTIGATOR], force.other_unit),
        "instead_sergeant": enrol("instead_sergeant", force.police, [Role.SERGEANT], force.other_unit),
        "unnamed_sergeant": enrol("unnamed_sergeant", force.police, [Role.SERGEANT], force.unit),
        "without_role": enrol("without_role", force.police, [], force.unit),
    }
    yesterday = TODAY - timedelta(days=1)
    RoleAssignment.objects.filter(user=people["former_sergeant"]).update(ends_on=yesterday)
    Membership.objects.filter(user=people["transferred_sergeant"]).update(ends_on=yesterday)
    return people


def make_cases(force: Force, extras: dict[str, User]) -> dict[str, Case]:
    cases = {
        "at hand": log_case(force),
        "not yet allocated": log_case(force, by=force.first_officer, officer=NOBODY),
        "allocated since": log_case(force, by=force.first_officer, officer=force.investigator),
        "escalated": log_case(force),
        "restricted": log_case(
            force,
            supervisor=extras["named_sergeant"],
            has_connected_staff=True,
            connected_user_ids=(extras["connected_sergeant"].pk,),
        ),
        "elsewhere": log_case(
            force,
            by=extras["investigator_elsewhere"],
            supervisor=extras["sergeant_elsewhere"],
            unit_id=unit_of(extras["sergeant_elsewhere"]),
        ),
    }
    with building():
        Review.unguarded.filter(case=cases["escalated"], number=1).update(
            escalates_on=MONDAY, escalates_further_to=Role.SUPERINTENDENT, escalates_further_on=MONDAY
        )
    return cases


def unit_of(user: User) -> int:
    with building():
        return Membership.objects.get(user=user).unit_id


def add_children(case: Case, number: int) -> None:
    """What logging a case does not make, so that each table holds a row of each case."""
    officer = case.officer or case.logged_by
    review = Review.unguarded.get(case=case, number=1)
    action = Action(
        **Action.scope_of(case),
        number=1,
        what=f"Trace the driver {number}",
        owner=officer,
        due_on=TODAY,
        warn_on=TODAY,
        remind_on=TODAY,
        look_again_on=TODAY,
        given_by=case.supervisor,
        given_at=timezone.now(),
        direction_of=review,
    )
    Action.unguarded.bulk_create([action])
    Action.history.bulk_history_create([action])
    ReviewAnswer.unguarded.create(case=case, review=review, group="SUSPECT", answer="SATISFACTORY")
    EscalationAnswer.unguarded.create(
        case=case,
        about=ReminderAbout.REVIEW,
        about_id=review.pk,
        stage=ReminderStage.ESCALATED,
        due_on=review.due_on,
        text=f"I have asked why {number}",
        by=case.supervisor or officer,
        at=timezone.now(),
    )
    MoreTime.unguarded.create(
        case=case,
        action=action,
        due_before=TODAY,
        due_asked=TODAY + timedelta(days=number),
        because="The driver is away",
        asked_by=officer,
        asked_at=timezone.now(),
    )
    EndedConnection.unguarded.create(
        case=case,
        user=officer,
        said_by=officer,
        said_at=timezone.now(),
        how=f"A friend of V1 {number}",
        ended_by=case.supervisor,
        ended_at=timezone.now(),
        because="Another person of that name",
    )
    for row in (
        Context(case=case, how_known=f"From the taxi rank {number}"),
        InvestigationPlan(case=case, story="s", suspect="s", victim="v", protection="p", first_steps="f"),
        LineOfEnquiry(case=case, number=1, what=f"Footage of the rank {number}", leads="TOWARDS"),
    ):
        type(row).unguarded.bulk_create([row])
        type(row).history.bulk_history_create([row])


def give_around(force: Force, cases: dict[str, Case], extras: dict[str, User]) -> None:
    """Grants and connections beyond those of logging; among them facts that must give nothing."""
    with bound_to(force.sergeant.pk, "police", may_write=True), connection.cursor() as cursor:
        cursor.execute("SELECT rasso.grant_case(%s, %s, 'LIAISON')", [cases["at hand"].pk, force.liaison_officer.pk])
        cursor.execute("SELECT rasso.grant_case(%s, %s, 'SECOND')", [cases["at hand"].pk, extras["second_investigator"].pk])
    analyst, first_officer = force.user(Role.ANALYST), force.first_officer
    with building():
        CaseConnection.unguarded.create(
            case=cases["at hand"], user=extras["connected_sergeant"], said_by=force.investigator, said_at=timezone.now()
        )
        # A grant to somebody whose role has no such reach gives nothing, and one that has ended gives nothing more.
        give(cases["allocated since"], analyst, GrantBasis.LIAISON, by=force.sergeant)
        give(cases["restricted"], first_officer, GrantBasis.NAMED, by=force.investigator)
        give(cases["at hand"], force.inspector, GrantBasis.NAMED, by=force.sergeant)
        give(cases["at hand"], force.other_investigator, GrantBasis.ASSIGNED, by=force.sergeant, ended=True)
        give(cases["at hand"], extras["instead_sergeant"], GrantBasis.SUPERVISING, by=force.superintendent)
        # Nothing is supervised in place of its unit once it is restricted, and nobody sees it who was named once.
        give(cases["restricted"], extras["instead_sergeant"], GrantBasis.SUPERVISING, by=force.superintendent)
        give(cases["restricted"], extras["unnamed_sergeant"], GrantBasis.NAMED, by=extras["named_sergeant"], ended=True)


def set_covers(force: Force, extras: dict[str, User]) -> int:
    """For the officer and the sergeant of the case at hand; and for those who cover for them, which must pass on nothing."""
    covering, covering_sergeant = extras["covering_investigator"], extras["covering_sergeant"]
    key = cover(force.investigator, covering, TODAY)
    cover(force.sergeant, covering_sergeant, TODAY)
    cover(covering, extras["covers_coverers"], TODAY)
    cover(covering_sergeant, extras["covers_coverers"], TODAY)
    return key


def connections(cases: dict[str, Case], extras: dict[str, User]) -> dict[str, CaseConnection]:
    with building():
        CaseConnection.unguarded.create(
            case=cases["elsewhere"],
            user=extras["without_role"],
            said_by=extras["sergeant_elsewhere"],
            said_at=timezone.now(),
            how="A friend of V1",
        )
        return {name: CaseConnection.unguarded.get(case=cases[name]) for name in ("at hand", "restricted", "elsewhere")}


def open_in_emergency(cases: dict[str, Case], extras: dict[str, User]) -> dict[str, EmergencyAccess]:
    """One that is open now and one that has run out, of the case at hand; one of each other case that was ended at once."""
    holder, late = extras["emergency_holder"], extras["late_emergency_holder"]

    def opened(case: Case, user: User) -> EmergencyAccess:
        operations.open_emergency_access(
            actor=actor(user), reference=case.reference, why=EmergencyReason.SAFE_CONTACT, words="She rang tonight."
        )
        with building():
            return EmergencyAccess.unguarded.get(case=case, user=user)

    for hour, case in enumerate(case for case in cases.values() if not case.is_restricted):
        set_clock(at(TODAY, hour))
        opened(case, late)
    set_clock(at(TODAY, 8, 30))
    with building():
        # Made before it became restricted.
        before = EmergencyAccess.unguarded.filter(user=late)[0]
        before.pk, before.case = uuid7(), cases["restricted"]
        EmergencyAccess.unguarded.bulk_create([before])
        give(cases["restricted"], holder, GrantBasis.EMERGENCY, by=holder)
        elsewhere = EmergencyAccess.unguarded.get(case=cases["elsewhere"], user=late)
    at_hand = opened(cases["at hand"], holder)
    # It opens from the next transaction on.
    set_clock(at(TODAY))
    return {"at hand": at_hand, "elsewhere": elsewhere, "restricted": before}


def give(case: Case, user: User, basis: str, *, by: User, ended: bool = False) -> None:
    CaseGrant.unguarded.bulk_create(
        [
            CaseGrant(
                user=user,
                permission=Permission.objects.get(codename="work_on_case"),
                content_object=case,
                basis=basis,
                starts_at=at(MONDAY),
                ends_at=at(MONDAY, 12) if ended else None,
                given_by=by,
            )
        ]
    )


def relations(force: Force, extras: dict[str, User]) -> dict[str, Relation]:
    other_police = sorted(POLICE_ROLES - WITH_CASES | {Role.AUDITOR})
    partners = sorted(set(Role) - WITH_CASES - set(other_police))
    return {
        "officer": Relation((force.investigator,), "at hand"),
        "second": Relation((extras["second_investigator"],), "at hand"),
        "other-inv": Relation((force.other_investigator, extras["late_emergency_holder"]), "at hand"),
        "logged": Relation((force.first_officer,), "not yet allocated"),
        "logged-since": Relation((force.first_officer,), "allocated since"),
        "liaison": Relation((force.liaison_officer,), "at hand"),
        "other-liaison": Relation((extras["other_liaison_officer"],), "at hand"),
        "sergeant": Relation((force.sergeant,), "at hand"),
        "instead": Relation((extras["instead_sergeant"],), "at hand"),
        "other-sgt": Relation((force.other_sergeant, extras["transferred_sergeant"]), "at hand"),
        "connected": Relation((extras["connected_sergeant"],), "at hand"),
        "inspector": Relation((force.inspector,), "at hand"),
        "supt": Relation((force.superintendent,), "at hand"),
        "supt-escalated": Relation((force.superintendent,), "escalated"),
        "named-officer": Relation((force.investigator,), "restricted"),
        "named-sgt": Relation((extras["named_sergeant"],), "restricted"),
        "not-named": Relation(
            (force.sergeant, force.inspector, extras["connected_sergeant"], extras["unnamed_sergeant"]), "restricted"
        ),
        "covering": Relation((extras["covering_investigator"],), "at hand"),
        "covering-sgt": Relation((extras["covering_sergeant"],), "at hand"),
        "covers-coverer": Relation((extras["covers_coverers"],), "at hand"),
        "emergency": Relation((extras["emergency_holder"],), "at hand"),
        "police": Relation(tuple(force.user(role) for role in other_police), "at hand"),
        "partners": Relation(tuple(force.user(role) for role in partners), "at hand"),
        "no-role": Relation((extras["without_role"], extras["former_sergeant"]), "at hand"),
    }
