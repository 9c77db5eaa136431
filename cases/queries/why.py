"""Why a date is this date: rule, source, calendar, start, the days that were not counted, and whoever moved or stopped it.

Every due date that the product shows has its explanation here, under an anchor that each page links to.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from cases import chronology
from cases.enums import CARRY_A_DATE, SAY_WHETHER_ON_BAIL, Calendar, EventKind, LimitState, ReviewKind, ReviewResult
from cases.models import Action, Event, LocalDay, MoreTime, Review, TimeLimit
from cases.queries.anchors import action_anchor, bail_anchor, limit_anchor, review_anchor
from cases.queries.chronology import called
from cases.queries.entries import urgency_of, with_subject
from cases.queries.why_limits import Daybook, Told, why_limit
from kit import dates


@dataclass(frozen=True)
class Why:
    """One due date with its reasons, in sentences. ``acts``: what a supervisor may do to it now, as URL names."""

    anchor: str
    what: str
    due: str
    state: str
    due_on: date
    reasons: list[str]
    urgency: Any = None
    rule: Any = None
    key: Any = None
    acts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Whys:
    """Every due date of a case, grouped, each group in the order of its dates."""

    groups: list[tuple[str, list[Why]]] = field(default_factory=list)

    @property
    def anchors(self) -> set[str]:
        return {why.anchor for _, whys in self.groups for why in whys}


def reasons_of(case: Any, now: datetime) -> Whys:
    """Every due date of the case. Six queries."""
    book = daybook()
    reviews = Review.unguarded.filter(case=case).select_related(
        "rule", "completed_by", "on_behalf_of", "escalated_from__completed_by", "escalated_from__on_behalf_of"
    )
    related = (
        "rule",
        "started_by__struck_by",
        "met_by__by",
        "met_by__on_behalf_of",
        "suspended_by__by",
        "suspended_by__on_behalf_of",
        "stopped_by__by",
        "stopped_by__on_behalf_of",
    )
    limits = TimeLimit.unguarded.filter(case=case).select_related(*related)
    events = list(
        Event.unguarded.filter(case=case)
        .select_related("by", "on_behalf_of", "struck_by")
        .order_by("happened_at", "recorded_at", "pk")
    )
    actions = Action.unguarded.filter(case=case).select_related("given_by", "owner", "done_by", "direction_of")
    asked = list(MoreTime.unguarded.filter(case=case).select_related("asked_by", "answered_by").order_by("asked_at", "pk"))
    told = Told(events)
    taken_over = next((event for event in events if event.kind == EventKind.TAKEN_OVER), None)
    groups = {
        "Reviews": [why_review(case, review, now, book, taken_over) for review in reviews],
        "Time limits": [
            Why(
                anchor=limit_anchor(limit.pk),
                what=with_subject(limit),
                urgency=urgency_of_limit(limit, now),
                rule=limit.rule,
                key=limit.pk,
                acts=ACTS.get(limit.state, ()),
                **why_limit(case, limit, told, book),
            )
            for limit in limits
        ],
        "Actions": [why_action(action, [one for one in asked if one.action_id == action.pk], now) for action in actions],
        "Bail": list(why_bail(events, now)),
    }
    return Whys([(name, sorted(whys, key=lambda why: why.due_on)) for name, whys in groups.items() if whys])


ACTS: dict[LimitState, tuple[tuple[str, str], ...]] = {
    LimitState.RUNNING: (("suspend-limit", "Suspend it"), ("stop-limit", "It does not apply")),
    LimitState.SUSPENDED: (("resume-limit", "Let it run again"), ("stop-limit", "It does not apply")),
    LimitState.NOT_APPLICABLE: (("restart-limit", "It applies after all"),),
}


def daybook() -> Daybook:
    """Which days are not worked, and how they are called. One query."""
    return Daybook(settings.FORCE_PROFILE, list(LocalDay.objects.filter(profile=settings.FORCE_PROFILE).order_by("day")))


def urgency_of_limit(limit: Any, now: datetime) -> Any:
    return urgency_of(chronology.due_of(limit), now) if limit.state is LimitState.RUNNING else None


# Reviews -------------------------------------------------------------------------------------------------------------


def why_review(case: Any, review: Any, now: datetime, book: Daybook, taken_over: Any = None) -> Why:
    reasons = list(start_of_review(case, review, book, taken_over))
    if review.completed_at is None:
        reasons += after_its_date(review)
        if taken_over is not None and taken_over.until is not None and review.round == 1:
            reasons.append(quiet_in_words(taken_over))
        state, urgency = "Due", dates.urgency(review.due_on, timezone.localdate(now))
    else:
        state, urgency = "Done", None
        reasons.append(end_of_review(review))
    return Why(
        anchor=review_anchor(review.pk),
        what=review.get_kind_display(),
        due=dates.day(review.due_on),
        state=state,
        due_on=review.due_on,
        reasons=reasons,
        urgency=urgency,
        rule=review.rule,
    )


def start_of_review(case: Any, review: Any, book: Daybook, taken_over: Any = None) -> Iterator[str]:
    base = review.counted_from
    if review.number is not None and taken_over is not None and review.round == 1:
        yield from start_of_review_taken_over(case, review, taken_over)
        return
    if review.number is not None:
        yield base_in_words(case, review)
        yield (
            f"Review {review.number} of the case is due {dates.count((review.due_on - base).days, 'day')} after that, counted in "
            "calendar days; it does not move when another review is completed late, and a holiday does not move it."
        )
        return
    if review.kind == ReviewKind.ESCALATED and review.escalated_from is not None:
        before = review.escalated_from
        yield (
            f"The {before.get_kind_display()} completed on {dates.day(timezone.localdate(before.completed_at))} by "
            f"{before.by_whom} was not satisfactory. It sent the case on to the {review.get_lowest_role_display()}."
        )
        yield f"Counted from that day, {dates.day(base)}."
    else:
        yield f"Counted from {dates.day(base)}, the day it was asked for."
    yield f"{review.rule.amount} {review.rule.get_calendar_display()} are allowed."
    if review.rule.calendar == Calendar.WORKING_DAYS:
        yield from book.not_counted(base, review.due_on)


def start_of_review_taken_over(case: Any, review: Any, taken_over: Any) -> Iterator[str]:
    """The grid where it is kept; else the date that came with the case."""
    when = dates.day(timezone.localdate(taken_over.happened_at))
    yield base_in_words(case, review)
    days = (review.due_on - review.counted_from).days
    yield (
        f"Review {review.number} of the case is due {dates.count(days, 'day')} after that. The case was taken over from the force’s tracker on "
        f"{when} by {taken_over.by.called}. {taken_over.text} Reviews due before that were not made here."
    )


def quiet_in_words(taken_over: Any) -> str:
    return (
        f"Nothing of this case is escalated until {dates.day(taken_over.until)}, as {taken_over.by.called} said when it was taken over, so that "
        "old cases do not all come at once."
    )


def base_in_words(case: Any, review: Any) -> str:
    base = review.counted_from
    if review.round > 1:
        return f"Counted from {dates.day(base)}, the day the case was re-opened. Its reviews began anew on that day."
    if base == timezone.localdate(case.recorded_at):
        return f"Counted from {dates.day(base)}, the day the crime was recorded."
    return f"Counted from {dates.day(base)}, 24 hours after the report, because recording took longer than that."


def after_its_date(review: Any) -> Iterator[str]:
    if review.remind_on != review.due_on:
        yield f"Nobody works on that day, so the reminder goes out on {dates.day(review.remind_on)}."
    if review.escalates_on:
        yield f"If it is not completed, the {review.get_escalates_to_display()} hears on {dates.day(review.escalates_on)}."
    if review.escalates_further_on:
        yield f"After that the {review.get_escalates_further_to_display()} hears on {dates.day(review.escalates_further_on)}."


def end_of_review(review: Any) -> str:
    done = timezone.localdate(review.completed_at)
    if review.result == ReviewResult.STOOD_DOWN:
        return f"It was not needed: the case ended on {dates.day(done)}."
    return f"It was completed on {dates.day(done)}{days_late(done, review.due_on)}."


def days_late(done: date, due_on: date) -> str:
    return f", {dates.count((done - due_on).days, 'day')} late" if done > due_on else ""


# Actions and bail ----------------------------------------------------------------------------------------------------


def why_action(action: Any, asked: list[Any], now: datetime) -> Why:
    first = next((one.due_before for one in asked if one.is_agreed), action.due_on)
    given = f"{action.given_by.called} on {dates.day(timezone.localdate(action.given_at))}"
    as_part_of = f" in the {action.direction_of.get_kind_display()}" if action.direction_of else ""
    reasons = [f"The target date {dates.day(first)} was given by {given}{as_part_of}.", *more_time(asked)]
    reasons.append(f"It is looked at again on {dates.day(action.look_again_on)}, the review date.")
    if action.extended_count:
        reasons.append(f"Its target date was moved {dates.count(action.extended_count, 'time')}.")
    if action.done_at is not None:
        done = timezone.localdate(action.done_at)
        reasons.append(f"It was done on {dates.day(done)} by {action.done_by.called}.")
    return Why(
        anchor=action_anchor(action.number),
        what=f"{action}: {action.what}",
        due=dates.day(action.due_on),
        state="Done" if action.done_at else "Due",
        due_on=action.due_on,
        reasons=reasons,
        urgency=None if action.done_at else dates.urgency(action.due_on, timezone.localdate(now)),
    )


def more_time(asked: Iterable[Any]) -> Iterator[str]:
    for one in asked:
        until, because = dates.day(one.due_asked), one.because
        when = f"on {dates.day(timezone.localdate(one.asked_at))}"
        if one.answered_at is None:
            yield f"{one.asked_by.called} asked {when} for more time, until {until}: {because} Until that is answered the date stays."
            continue
        answered = f"{one.answered_by.called} on {dates.day(timezone.localdate(one.answered_at))}"
        if one.is_agreed:
            yield f"Moved from {dates.day(one.due_before)} to {until} by {answered}. {one.asked_by.called} had asked {when}: {because}"
        else:
            yield f"More time, until {until}, was refused by {answered}: {one.answer}"


def why_bail(events: list[Any], now: datetime) -> Iterator[Why]:
    """Each entry that stands and says until when bail runs. One that was followed by another says so."""
    standing = [event for event in events if event.kind in SAY_WHETHER_ON_BAIL and event.struck_at is None]
    for event in standing:
        if event.kind not in CARRY_A_DATE or event.until is None:
            continue
        after = next((one for one in standing if one.subject == event.subject and moment(one) > moment(event)), None)
        reasons = [
            f"The entry “{called(event)}” of {dates.day_and_time(timezone.localtime(event.happened_at))}, by {event.by_whom}, says so.",
            "Whoever gave bail sets the day; no rule counts it.",
        ]
        if after is not None:
            when = dates.day(timezone.localdate(after.happened_at))
            reasons.append(f"It counts no longer: “{called(after)}” followed on {when}.")
        yield Why(
            anchor=bail_anchor(event.pk),
            what=f"Bail of {event.subject} ends",
            due=dates.day(event.until),
            state="Counts no longer" if after is not None else "Runs",
            due_on=event.until,
            reasons=reasons,
            urgency=None if after is not None else bail_in_words(event.until, timezone.localdate(now)),
        )


def bail_in_words(ends: date, today: date) -> dates.Urgency:
    return dates.Urgency(f"{'Ended' if ends < today else 'Ends'} {dates.ago(ends, today)}", dates.urgency(ends, today).css)


def moment(event: Any) -> tuple[datetime, datetime, Any]:
    return event.happened_at, event.recorded_at, event.pk
