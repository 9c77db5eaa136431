"""Who works on a case, or did: nobody reviews, verifies, agrees to or puts off their own work, nor what they did for somebody else.

Handing the case over or ending a cover a moment ago changes nothing: what counts is everything since the case was reviewed last.
"""

from datetime import datetime

from django.db.models import Max

from cases.enums import GrantBasis, ReviewResult
from cases.models import Case, CaseGrant, Event, Review
from kit.access import Actor

# Who works on a case.
WORKING = (GrantBasis.ASSIGNED, GrantBasis.SECOND, GrantBasis.LIAISON)

WORKS = "You work on this case."
WORKED = "You worked on this case lately."
COVERS = "You cover for somebody who works on this case."
WORKED_FOR_ANOTHER = "You worked on this case lately for somebody you covered for."


def part_in(case: Case, actor: Actor) -> str:
    """What part this person has in the work on the case since it was reviewed last, in a sentence; empty for none.

    For whatever a supervisor decides about the work of others. Three queries, whatever the case.
    """
    since = last_reviewed(case)
    grants = CaseGrant.unguarded.filter(content_object=case, basis__in=WORKING).values_list("user_id", "ends_at")
    workers = {user_id for user_id, ends_at in grants if ends_at is None} | {case.officer_id}
    if actor.user_id in workers:
        return WORKS
    if any(user_id == actor.user_id and is_after(ends_at, since) for user_id, ends_at in grants):
        return WORKED
    if not workers.isdisjoint(actor.covers):
        return COVERS
    for_others = Event.unguarded.filter(case=case, by_id=actor.user_id, on_behalf_of_id__in={user_id for user_id, _ in grants})
    acted: datetime | None = for_others.aggregate(last=Max("recorded_at"))["last"]
    return WORKED_FOR_ANOTHER if is_after(acted, since) else ""


def refusal_of_part(case: Case, actor: Actor, who_can: str = "Another supervisor can do this.") -> str | None:
    """The same as a reason why they may not decide here, with who can; none where they have no part."""
    part = part_in(case, actor)
    return f"{part} {who_can}" if part else None


def is_after(moment: datetime | None, since: datetime | None) -> bool:
    return moment is not None and (since is None or moment > since)


def covers_for_a_worker(case: Case, actor: Actor) -> bool:
    """Whether the actor covers today for somebody who works on the case. No query for those who cover for nobody."""
    if not actor.covers:
        return False
    works = CaseGrant.unguarded.filter(content_object=case, user_id__in=actor.covers, basis__in=WORKING)
    return case.officer_id in actor.covers or works.filter(ends_at=None).exists()


def worked_for_another(case: Case, actor: Actor, since: datetime | None = None) -> bool:
    """Whether the actor wrote something, since a moment or ever, for somebody they covered for who worked on the case then."""
    workers = CaseGrant.unguarded.filter(content_object=case, basis__in=WORKING).values("user_id")
    acts = Event.unguarded.filter(case=case, by_id=actor.user_id, on_behalf_of_id__in=workers)
    return (acts.filter(recorded_at__gt=since) if since else acts).exists()


def worked_lately_for_another(case: Case, actor: Actor, *, but: Review | None = None) -> bool:
    """The same, since the case was reviewed last. One query, and two more for those who ever did."""
    if not worked_for_another(case, actor):
        return False
    since = last_reviewed(case, but=but)
    return since is None or worked_for_another(case, actor, since)


def last_reviewed(case: Case, *, but: Review | None = None) -> datetime | None:
    """When a review of the case was completed last; what stood down when it was closed is none."""
    held = Review.unguarded.filter(case=case, completed_at__isnull=False).exclude(result=ReviewResult.STOOD_DOWN)
    others = held.exclude(pk=but.pk) if but else held
    last: datetime | None = others.aggregate(last=Max("completed_at"))["last"]
    return last
