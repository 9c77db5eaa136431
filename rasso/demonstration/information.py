"""What the information manager of the invented force has before them: old records that are due, a hold, a request, a disposal that waits."""

from datetime import datetime, time, timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone

from cases import operations
from cases.enums import (
    ClosingGrounds,
    EventKind,
    HappenedWhen,
    Place,
    PlaceKind,
    Relationship,
    ReportedHow,
    SafeNow,
    SuspectKnown,
    WishKind,
)
from cases.models import Case
from cases.offences import RAPE, offences_for
from information import operations as information
from information.enums import CameBy, HoldAbout, HoldKind, Identity
from information.models import SubjectRequest
from information.operations.requests import NewRequest
from information.queries.disposals import preview_of
from information.queries.requests import search
from information.queries.retention import due_for_review
from kit.binding import bound_to
from rasso.demonstration import words
from rasso.demonstration.accounts import TEAM_ONE
from rasso.demonstration.reports import Cast
from rasso.demonstration.timeline import Timeline, at

OLD = timedelta(days=11 * 366)
GOES = "Mirabel Invented-Rowan"
ASKS = "Edwin Invented-Slate"


def log_old_case(cast: Cast, now: datetime) -> None:
    """Of the paper years, and handed to another force soon after: both its people have been due for a year."""
    officer, supervisor, inspector = cast.actor("investigator"), "sergeant", cast.actor("inspector")
    offences = [row for row in offences_for(cast.offences, None, None) if row.group == RAPE]
    logged = operations.log_case(
        actor=officer,
        new=operations.NewCase(
            crime_number=f"OLD/0017/{now:%y}",
            reported_at=now - timedelta(hours=3),
            recorded_at=now - timedelta(hours=1),
            reported_how=ReportedHow.IN_PERSON,
            happened_when=HappenedWhen.NOT_KNOWN,
            happened_from=None,
            happened_to=None,
            place=Place.HERE,
            place_kind=PlaceKind.OTHER_HOME,
            relationship=Relationship.ACQUAINTANCE,
            offence_type_ids=(offences[0].pk,),
            victim_name=GOES,
            wish=WishKind.UNDECIDED,
            suspect_known=SuspectKnown.NAMED,
            suspects=1,
            suspect_name=ASKS,
            suspect_description="",
            safe_now=SafeNow.YES,
            safety_steps="",
            safe_contact="By letter to her sister.",
            unit_id=cast.units[TEAM_ONE].pk,
            officer_id=cast.users["investigator"].pk,
            supervisor_id=cast.users[supervisor].pk,
        ),
    )
    case = Case(pk=logged.pk)
    for kind, text in (
        (EventKind.SUPPORT_REFERRED, "Through the SARC."),
        (EventKind.NOTE, f"{GOES.split()[1]} has moved to the mainland, where {ASKS.split()[1]} lives as well."),
        (EventKind.EARLY_ADVICE_DECIDED, "Not sought: another force takes the case over."),
    ):
        operations.record_event(case, actor=officer, kind=kind, at=now, text=text)
    operations.set_plan(case, actor=officer, version=0, answers=words.PLAN_AGAINST_KNOWN)
    operations.close_case(case, actor=inspector, grounds=ClosingGrounds.TAKEN_OVER, text="Both live there now.")


def plan(cast: Cast, timeline: Timeline) -> None:
    """In the last days before today."""
    for days, hour, act in (
        (9, time(11, 20), partial(_place_hold, cast)),
        (6, time(10, 5), partial(_open_request, cast)),
        (2, time(15, 40), partial(_propose_disposal, cast)),
    ):
        timeline.plan(at(timeline.today - timedelta(days=days), hour), act)


def _place_hold(cast: Cast, now: datetime) -> None:
    information.place_hold(
        actor=cast.actor("information"),
        kind=HoldKind.LITIGATION,
        about=HoldAbout.CASE,
        reference=f"{settings.FORCE_PREFIX}-2016-00831",
        because="The force’s lawyers ask for it until the claim is settled.",
    )


def _open_request(cast: Cast, now: datetime) -> None:
    """Somebody whose case is long over asks; half of the items are decided."""
    who = cast.actor("information")
    received = timezone.localdate(now) - timedelta(days=3)
    key = information.open_request(
        actor=who,
        new=NewRequest(received, CameBy.LETTER, Identity.DOCUMENT, ASKS, "4 Nowhere Terrace", "", "Everything since then."),
    )
    with bound_to(who.user_id, "police", may_write=False):
        request = SubjectRequest.objects.get(pk=key)
        found = search(request, ASKS.split(), None)
    information.choose_subject(actor=who, request=request, person_id=found[0].person_id, is_theirs=True)
    information.begin_review(actor=who, request=request)


def _propose_disposal(cast: Cast, now: datetime) -> None:
    """Of the victim's record; the suspect's stays, and is due as well."""
    who = cast.actor("information")
    with bound_to(who.user_id, "police", may_write=False):
        due = [row.person_id for row in due_for_review(timezone.localdate(now)) if row.why == "CLEAR_PERIOD"]
    information.open_review(actor=who, person_id=due[0], because="It is due, and nobody has asked for it.")
    with bound_to(who.user_id, "police", may_write=False):
        shown = preview_of(due[0])
    assert shown is not None
    information.propose_disposal(
        actor=who, person_id=due[0], seen=shown.digest, erased=shown.places, because="Nothing was entered for ten years."
    )
