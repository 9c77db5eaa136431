"""A force in the middle of its work, so that every page has something to show."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import uuid4

from django.db import connection

from cases import operations
from cases.enums import (
    Answer,
    ClosingGrounds,
    Duration,
    EventKind,
    Exploited,
    Known,
    LineState,
    Nature,
    ReviewGroup,
    ReviewResult,
    Suspension,
    WishKind,
)
from cases.enums import Direction as Way
from cases.models import (
    Action,
    Case,
    CaseConnection,
    CaseGrant,
    Draft,
    EmergencyAccess,
    Event,
    ImportRun,
    Message,
    Review,
    TimeLimit,
)
from cases.models.emergency import EmergencyReason
from cases.rulepacks import RuleCode
from people.models import RoleAssignment, User
from people.roles import Role
from tests.access.scene import make_audited
from tests.cases import trackers
from tests.covers import cover
from tests.information.journey import what_is_kept
from tests.worlds import MONDAY, NOBODY, Force, actor, at, building, enrol, log_case, set_clock

TODAY = MONDAY + timedelta(days=18)
LONG_TEXT = (
    "Neighbour on the second floor heard two voices after the bar had closed and saw somebody leave on foot towards the harbour. "
    "She is away until Thursday; she prefers to be seen at work.\n\nThe bar keeps its pictures for thirty days."
)


@dataclass(frozen=True)
class Scene:
    """References and reviews by what is special about them."""

    worked: str
    reviewed: Review
    untouched: str
    late: Review
    own: Review
    unallocated: str
    restricted: str
    nobody: User
    # Somebody who has left; and a role of the sergeant's.
    left: User
    sergeants_role: RoleAssignment
    force: Force
    ended: str
    # Of the case that is worked: an arrest, the time limit that it started, and one that is suspended.
    arrest: Event
    running: TimeLimit
    suspended: TimeLimit
    unfinished: Draft
    # Trackers that the inspector takes over, by how far each has come.
    trackers: dict[str, ImportRun]
    # Of most of these.
    officer: User
    # Of the colleague who covers for that officer from today on.
    cover_id: int
    # Opened by the other sergeant an hour ago less a bit; and who is connected with somebody in the case nobody touched.
    emergency: EmergencyAccess
    connection: CaseConnection
    # What the auditor's pages are about.
    audited: dict[str, Any]
    # What the information manager has before them: keys by what it is.
    information: dict[str, Any]


def make_scene(force: Force) -> Scene:
    set_clock(at(MONDAY, 10))
    worked = log_case(
        force, safe_now="NO", safety_steps="Moved to her sister for the night.", safe_contact="Text only, after six."
    )
    untouched = log_case(force, by=force.other_investigator)
    sergeants_own = log_case(force, by=force.sergeant, supervisor=force.inspector)
    restricted = log_case(force, by=force.investigator, has_connected_staff=True)
    work_on(worked, force)
    ended = one_that_ended(force)
    think_about(worked, force)
    unfinished = begin_a_report(force.other_investigator)
    move_clock_to(14)
    reviewed = review_with_directions(worked, force)
    set_clock(at(MONDAY + timedelta(days=16), 15))
    operations.complete_action(
        action(worked, 1), actor=actor(force.investigator), how="Seen and recorded.", evidence="Statement 1"
    )
    more_actions(worked, force)
    log_case(force, by=force.investigator, happened_when="BETWEEN", happened_from=MONDAY, happened_to=MONDAY + timedelta(days=2))
    unallocated = log_case(force, by=force.first_officer, officer=NOBODY)
    move_clock_to(17)
    arrest = time_limits_of(worked, force)
    move_clock_to(18)
    cover(force.sergeant, force.other_sergeant, TODAY + timedelta(days=4), by=force.inspector)
    with building():
        nobody = enrol("nobody", force.police, [])
        left = enrol("left", force.police, [Role.INVESTIGATOR], force.unit, is_active=False)
        sergeants_role = RoleAssignment.objects.get(user=force.sergeant)
        Message.unguarded.bulk_create(
            [
                Message(
                    owner=force.sergeant,
                    local_date=MONDAY,
                    send_after=at(MONDAY),
                    attempts=5,
                    last_error="SMTPServerDisconnected",
                )
            ]
        )
    return Scene(
        worked=worked.reference,
        reviewed=reviewed,
        untouched=untouched.reference,
        late=first_review(untouched),
        own=first_review(sergeants_own),
        unallocated=unallocated.reference,
        restricted=restricted.reference,
        nobody=nobody,
        left=left,
        sergeants_role=sergeants_role,
        force=force,
        ended=ended.reference,
        arrest=arrest,
        running=limit_of(worked, RuleCode.TELL_ARREST),
        suspended=limit_of(worked, RuleCode.TELL_BAIL),
        unfinished=unfinished,
        trackers=trackers_of(force),
        officer=force.investigator,
        cover_id=cover(force.investigator, force.other_investigator, TODAY),
        **who_may_see(worked, untouched, restricted, force),
        information=what_is_kept(force, worked),
        audited=make_audited(force),
    )


def who_may_see(worked: Case, untouched: Case, restricted: Case, force: Force) -> dict[str, Any]:
    """An emergency access that is open, somebody connected, an inspector who is named, and a restricted case that lost its supervisor."""
    lost = log_case(force, by=force.investigator, has_connected_staff=True)
    operations.open_emergency_access(
        actor=actor(force.other_sergeant),
        reference=worked.reference,
        why=EmergencyReason.SAFE_CONTACT,
        words="V1 rang the control room and asks to be rung back tonight. I need the safe way to do it.",
    )
    operations.say_connected(
        untouched, actor=actor(force.sergeant), user_id=force.liaison_officer.pk, how="Went to school with V1"
    )
    operations.name_on_case(restricted, actor=actor(force.sergeant), user_id=force.inspector.pk)
    with building():
        CaseGrant.unguarded.filter(content_object=lost, user=force.sergeant).update(ends_at=lost.logged_at)
        return {
            "emergency": EmergencyAccess.unguarded.get(case=worked),
            "connection": CaseConnection.unguarded.get(case=untouched),
        }


def trackers_of(force: Force) -> dict[str, ImportRun]:
    heads = (*trackers.HEADS, "Victim")
    rows = [
        trackers.row("J/1/26", Victim="Invented Person"),
        trackers.row("J/2/26", Offence="Raep", OIC="Dave S", Status="closed"),
    ]
    late = [
        trackers.row(f"J/{number}/26", **{"Date reported": "02/06/2026", "Date recorded": "02/06/2026"}) for number in (3, 4, 5)
    ]
    loading = trackers.checked(force.inspector, [*late, trackers.row("J/6/26")], heads)
    with mock.patch("cases.operations.imports.LOADED_AT_ONCE", 1):
        operations.load_import(actor=actor(force.inspector), run_id=loading.pk, quiet_until=TODAY + timedelta(days=14))
    return {
        "loading": loading,
        "staged": trackers.staged(force.inspector, rows, heads),
        "named": trackers.mapped(force.inspector, rows, heads),
        "checked": trackers.checked(force.inspector, [*late, *rows], heads),
        "loaded": trackers.loaded(
            force.inspector, [trackers.row("J/7/26"), *rows], heads=heads, quiet_until=TODAY + timedelta(days=14)
        ),
    }


def begin_a_report(owner: User) -> Draft:
    """By somebody who then forgets it; the date in it is not finished."""
    payload = {
        "key": str(uuid4()),
        "when": {
            "crime_number": ["INV/0777/26"],
            "reported_at_day": ["4"],
            "reported_at_month": ["11"],
            "reported_how": ["CALL"],
        },
        "what": {"victim_name": ["Invented Person"], "suspect_known": ["DESCRIBED"], "suspect_description": [LONG_TEXT]},
    }
    operations.save_draft(actor=actor(owner), form="log-case", about="", payload=payload)
    with building():
        return Draft.unguarded.get()


def work_on(case: Case, force: Force) -> None:
    """Three days of it, so that the chronology has more than one day."""
    kinds = (EventKind.SUPPORT_REFERRED, EventKind.SUSPECT_STEP, EventKind.ENQUIRY)
    for day, kind in enumerate(kinds, start=1):
        moment = at(MONDAY + timedelta(days=day), 11)
        set_clock(moment)
        operations.record_event(case, actor=actor(force.investigator), kind=kind, at=moment, text=LONG_TEXT)


def time_limits_of(case: Case, force: Force) -> Event:
    """The morning's arrest, and bail of which V1 is not to be told for now; an opinion, and an entry that was struck out."""
    morning = at(MONDAY + timedelta(days=17), 7)
    set_clock(morning + timedelta(hours=4))
    officer = actor(force.investigator)
    (arrest,) = operations.record_event(case, actor=officer, kind=EventKind.SUSPECT_ARRESTED, at=morning, text="At home.")
    operations.record_event(
        case,
        actor=officer,
        kind=EventKind.SUSPECT_BAILED,
        at=morning + timedelta(hours=3),
        text="Not to contact V1.",
        until=(MONDAY + timedelta(days=40)),
    )
    operations.record_event(
        case, actor=officer, kind=EventKind.NOTE, at=morning, text="He will break his bail.", nature=Nature.OPINION
    )
    (wrong,) = operations.record_event(case, actor=officer, kind=EventKind.ENQUIRY, at=morning, text="Meant for another case.")
    operations.strike_event(wrong, actor=officer, because="Belongs to another case.")
    operations.suspend_limit(
        limit_of(case, RuleCode.TELL_BAIL), actor=actor(force.sergeant), why=Suspension.SAFETY, text="He reads her messages."
    )
    return arrest


def limit_of(case: Case, code: RuleCode) -> TimeLimit:
    with building():
        return TimeLimit.unguarded.get(case=case, rule__code=code)


def one_that_ended(force: Force) -> Case:
    """Logged, worked on and closed on the first days."""
    case, officer = log_case(force, by=force.other_investigator), actor(force.other_investigator)
    now = at(MONDAY + timedelta(days=3), 12)
    set_clock(now)
    for kind in (EventKind.SUPPORT_REFERRED, EventKind.EARLY_ADVICE_DECIDED):
        operations.record_event(case, actor=officer, kind=kind, at=now, text="Done.")
    plan = dict.fromkeys(("story", "suspect", "victim", "material", "protection", "first_steps"), "In short.")
    operations.set_plan(case, actor=officer, version=0, answers=plan)
    words = "The coroner and V1 were told in person."
    operations.close_case(case, actor=actor(force.inspector), grounds=ClosingGrounds.SUSPECT_DIED, text=words)
    return case


def think_about(case: Case, force: Force) -> None:
    """Its context, a plan in two versions, lines that lead both ways, and what V1 said about it."""
    officer = actor(force.investigator)
    answers = {
        "how_known": LONG_TEXT,
        "power": "He had the only car.",
        "victim_context": LONG_TEXT,
        "suspect_context": LONG_TEXT,
        "duration": Duration.HOURS,
        "domestic_abuse": Known.NO,
        "exploited": [Exploited.INTOXICATION, Exploited.ASLEEP],
    }
    operations.record_context(case, actor=officer, version=0, relationship="JUST_MET", answers=answers)
    for version, story in enumerate((LONG_TEXT, f"He waited at the rank.\n\n{LONG_TEXT}")):
        plan = dict.fromkeys(("suspect", "victim", "protection", "first_steps"), LONG_TEXT) | {"story": story, "material": ""}
        operations.set_plan(case, actor=officer, version=version, answers=plan)
    for leads, state, outcome in (
        (Way.TOWARDS, LineState.PENDING, ""),
        (Way.TOWARDS, LineState.NOT_PURSUED, "The bar had kept nothing of that night."),
        (Way.AWAY, LineState.PURSUED, LONG_TEXT),
    ):
        operations.add_line(case, actor=officer, line=operations.Line(LONG_TEXT.split(".")[0] + ".", leads, state, outcome))
    said = {"victim_number": 1, "said_at": at(MONDAY + timedelta(days=3), 10), "text": "I want to know what he told the others."}
    operations.record_wish(case, actor=officer, wish=WishKind.WANTS_INVESTIGATION, **said)


def move_clock_to(day: int) -> None:
    """As the demonstration does it: each morning in between comes with its reminders."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.move_clock(%s)", [MONDAY + timedelta(days=day)])


def review_with_directions(case: Case, force: Force) -> Review:
    review = first_review(case)
    today = MONDAY + timedelta(days=14)
    findings = operations.ReviewFindings(
        answers={group.value: (Answer.SATISFACTORY, "") for group in ReviewGroup}
        | {ReviewGroup.ENQUIRIES.value: (Answer.NEEDS_ACTION, "The second witness has not been seen.")},
        own_words=LONG_TEXT,
        result=ReviewResult.WITH_DIRECTIONS,
        directions=tuple(
            operations.Direction(what, force.investigator.pk, today + timedelta(days=days), today + timedelta(days=days))
            for what, days in (
                ("Ask the bar for its pictures", 1),
                ("See the second witness", 3),
                ("Ask the laboratory for a date", 9),
            )
        ),
    )
    operations.complete_review(review, actor=actor(force.sergeant), findings=findings)
    return review


def more_actions(case: Case, force: Force) -> None:
    """A3 waits for more time, and had some before; A4 is verified."""
    officer, sergeant = actor(force.investigator), actor(force.sergeant)
    later = MONDAY + timedelta(days=26)
    third = action(case, 3)
    operations.ask_for_more_time(third, actor=officer, due_on=later, because="The laboratory has not answered.")
    operations.answer_more_time(third, actor=sergeant, is_agreed=True, answer="Ask again each Monday.")
    operations.ask_for_more_time(third, actor=officer, due_on=later + timedelta(days=9), because=LONG_TEXT)
    fourth = operations.give_action(
        case,
        actor=officer,
        what=LONG_TEXT,
        owner_id=force.investigator.pk,
        due_on=later,
        look_again_on=MONDAY + timedelta(days=18),
    )
    operations.complete_action(fourth, actor=officer, how=LONG_TEXT, evidence="Statement 2; exhibit INV/3")
    operations.verify_action(fourth, actor=sergeant, text="Read the statement; both voices are described.")
    operations.give_action(
        case,
        actor=officer,
        what="Ask the taxi firm for its bookings",
        owner_id=force.investigator.pk,
        due_on=later + timedelta(days=40),
        look_again_on=MONDAY + timedelta(days=18),
    )


def first_review(case: Case) -> Review:
    with building():
        return Review.unguarded.filter(case=case).order_by("due_on")[0]


def action(case: Case, number: int) -> Action:
    with building():
        return Action.unguarded.get(case=case, number=number)
