"""What a reviewer reads before signing: last time's directions, what has changed since, what the record shows."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from cases.enums import Answer, EventKind, ReviewGroup, ReviewResult
from cases.models import Action, Event, Review, ReviewAnswer
from cases.queries.chronology import Entry, entry_of
from cases.queries.record_shows import what_the_record_shows
from cases.review_groups import READ_FIRST, group_of
from kit import dates
from kit.access import Actor

MOST_CHANGES = 100


@dataclass
class Group:
    """One of the seven groups: what changed in it since last time, and what was answered then."""

    group: ReviewGroup
    # What it is about -> how often it was recorded.
    changes: dict[str, int] = field(default_factory=dict)
    last_answer: str = ""

    @property
    def changed(self) -> str:
        return "; ".join(f"{kind}, {number} times" if number > 1 else kind for kind, number in self.changes.items())


@dataclass(frozen=True)
class ReviewPageFacts:
    earlier: Any
    directions: list[tuple[Any, dates.Urgency]]
    # About the suspect and V1's safety, which is read first; and everything else.
    first: list[Entry]
    rest: list[Entry]
    more: int
    groups: dict[str, Group]
    facts: list[dict[str, str]]
    answers: list[Any]
    given: list[Any]
    # What the review before found that sent the case on to this one; and the review to which this one sent it on.
    sent_on_answers: list[Any]
    sent_on_to: Any

    @property
    def is_first(self) -> bool:
        return self.earlier is None

    @property
    def since(self) -> Any:
        return self.earlier.completed_at if self.earlier else None


def review_page(actor: Actor, review: Any, now: datetime, zone: Any, *, since_start: bool = False) -> ReviewPageFacts:
    """Seventeen queries at most, whatever the size of the case."""
    today = now.astimezone(zone).date()
    case = review.case
    earlier, entries = changes_before(review, since_start=since_start)
    changed = changes_by_kind(entries)
    total = sum(row["number"] for row in changed)
    in_order = entries.annotate(comes_first=Q(kind__in=READ_FIRST)).order_by("-comes_first", "-happened_at", "-pk")
    shown = list(in_order[:MOST_CHANGES])
    actions = list(Action.unguarded.filter(case=case).select_related("owner", "direction_of").order_by("due_on", "number"))
    answers = list(ReviewAnswer.unguarded.filter(case=case, review__in=[review.pk, *kept(earlier), *kept(review.escalated_from)]))
    order = list(ReviewGroup.values)
    answers.sort(key=lambda answer: order.index(answer.group))
    return ReviewPageFacts(
        earlier=earlier,
        directions=last_directions([action for action in actions if action.direction_of_id != review.pk], earlier, today),
        first=[entry_of(event) for event in shown if event.comes_first],
        rest=[entry_of(event) for event in shown if not event.comes_first],
        more=max(total - MOST_CHANGES, 0),
        groups=groups_of(changed, [answer for answer in answers if earlier and answer.review_id == earlier.pk]),
        facts=what_the_record_shows(actor, case, actions, now, zone),
        answers=[answer for answer in answers if answer.review_id == review.pk],
        given=[action for action in actions if action.direction_of_id == review.pk],
        sent_on_answers=[
            answer for answer in answers if answer.review_id == review.escalated_from_id and answer.answer == Answer.NEEDS_ACTION
        ],
        sent_on_to=Review.unguarded.filter(case=case, escalated_from=review)
        .select_related("completed_by", "on_behalf_of")
        .first(),
    )


def kept(review: Any) -> list[Any]:
    return [review.pk] if review is not None else []


def review_before(review: Any) -> Any:
    """The one completed last before this one; what stood down when the case was closed is none. One query."""
    completed = Review.unguarded.filter(case=review.case, completed_at__isnull=False).exclude(result=ReviewResult.STOOD_DOWN)
    if review.completed_at:
        completed = completed.filter(completed_at__lt=review.completed_at)
    return completed.exclude(pk=review.pk).select_related("completed_by", "on_behalf_of").order_by("-completed_at").first()


def changes_before(review: Any, *, since_start: bool = False) -> tuple[Any, Any]:
    """The review before, and what was recorded between it and this one, newest first. One query, and one when it is read."""
    earlier = review_before(review)
    entries = (
        Event.unguarded.filter(case=review.case)
        .select_related("by", "on_behalf_of", "struck_by", "about")
        .order_by("-happened_at", "-pk")
    )
    if earlier is not None and not since_start:
        # An entry from before that was struck out since has changed as well.
        entries = entries.filter(Q(recorded_at__gt=earlier.completed_at) | Q(struck_at__gt=earlier.completed_at))
    if review.completed_at:
        entries = entries.filter(recorded_at__lt=review.completed_at)
    return earlier, entries


def changes_by_kind(entries: Any) -> list[dict[str, Any]]:
    """How many entries there are of each kind. One query."""
    return list(
        entries.select_related(None)
        .order_by("kind")
        .values("kind", "about__kind", "limit__rule__code")
        .annotate(number=Count("pk"))
    )


def groups_of(changed: list[dict[str, Any]], answers: list[Any]) -> dict[str, Group]:
    groups = {group: Group(group) for group in ReviewGroup}
    for row in changed:
        group = group_of(row["kind"], row["about__kind"], row["limit__rule__code"])
        if group is not None:
            label = EventKind(row["kind"]).label
            groups[group].changes[label] = groups[group].changes.get(label, 0) + row["number"]
    for answer in answers:
        groups[ReviewGroup(answer.group)].last_answer = answer.get_answer_display()
    return {group.value.lower(): found for group, found in groups.items()}


def last_directions(actions: list[Any], earlier: Any, today: date) -> list[tuple[Any, dates.Urgency]]:
    """Those of the review before, and older ones that are not done; what is not done comes first."""
    given = [
        action
        for action in actions
        if action.direction_of_id and (action.done_at is None or (earlier is not None and action.direction_of_id == earlier.pk))
    ]
    marked = [(action, state_of(action, today)) for action in given]
    return sorted(marked, key=lambda pair: (pair[0].done_at is not None, pair[0].due_on))


def state_of(action: Any, today: date) -> dates.Urgency:
    if action.done_at is not None:
        return dates.DONE if action.verified_at else dates.Urgency("Done, not verified yet", dates.DONE.css)
    due = dates.urgency(action.due_on, today)
    if action.due_on < today:
        return dates.Urgency(f"Not done, {due.word}", due.css)
    return due if action.due_on == today else dates.Urgency(f"Not yet due: {due.word[0].lower()}{due.word[1:]}", due.css)
