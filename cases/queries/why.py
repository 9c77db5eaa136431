"""Why a date is this date: rule, source, calendar, start, and the days that were not counted."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from cases import deadlines
from cases.enums import Calendar
from cases.models import Review, Rule, TimeLimit
from cases.rulebook import Rulebook, rulebook_for
from kit import dates
from kit.workdays import WorkingCalendar


@dataclass(frozen=True)
class Why:
    """One due date with its reasons, in sentences."""

    what: str
    due_on: date
    reasons: list[str]
    rule: Any


def reasons_of(case: Any) -> list[Why]:
    """Every due date of the case, in their order. Four queries."""
    book = rulebook_for(case.recorded_at)
    reviews = Review.unguarded.filter(case=case).select_related("rule")
    limits = TimeLimit.unguarded.filter(case=case).select_related("rule", "met_by")
    whys = [*(why_review(case, review, book) for review in reviews), *(why_limit(case, limit, book) for limit in limits)]
    return sorted(whys, key=lambda why: why.due_on)


def why_review(case: Any, review: Any, book: Rulebook) -> Why:
    base = review.counted_from
    reasons = [
        base_in_words(case, base),
        f"Review {review.number} of the case is due {dates.count((review.due_on - base).days, 'day')} after that, counted in calendar days; "
        "it does not move when another review is completed late, and a holiday does not move it.",
    ]
    if review.remind_on != review.due_on:
        reasons.append(f"Nobody works on that day, so the reminder goes out on {dates.day(review.remind_on)}.")
    if review.escalates_on:
        reasons.append(
            f"If it is not completed, the {review.get_escalates_to_display()} hears on {dates.day(review.escalates_on)}."
        )
    if review.completed_at:
        reasons.append(f"It was completed on {dates.day(timezone.localdate(review.completed_at))}.")
    return Why(review.get_kind_display(), review.due_on, reasons, review.rule)


def base_in_words(case: Any, base: date) -> str:
    if base == timezone.localdate(case.recorded_at):
        return f"Counted from {dates.day(base)}, the day the crime was recorded."
    return f"Counted from {dates.day(base)}, 24 hours after the report, because recording took longer than that."


def why_limit(case: Any, limit: Any, book: Rulebook) -> Why:
    declared = deadlines.LIMITS[limit.rule.code]
    start = timezone.localdate(limit.begins_at)
    counted = limit.rule.get_calendar_display()
    reasons = [
        f"Counted from {dates.day(start)}, the day the crime was {declared.counted_from.value}; that day is day 0.",
        f"{limit.rule.amount} {counted} are allowed; it ends with the last of them.",
    ]
    if limit.rule.calendar == Calendar.WORKING_DAYS:
        skipped = [dates.day(day) for day in not_worked(start, limit.due_on, book.calendar)]
        if skipped:
            reasons.append(f"Not counted, because nobody works then: {', '.join(skipped)}.")
    if limit.met_at:
        reasons.append(f"It was met on {dates.day(timezone.localdate(limit.met_at))}: {limit.met_by.get_kind_display().lower()}.")
    return Why(limit.rule.label, limit.due_on, reasons, limit.rule)


def not_worked(start: date, end: date, calendar: WorkingCalendar) -> list[date]:
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return [day for day in days if not calendar.is_working_day(day)]


def rule_pack() -> list[Rule]:
    """Every row of the force's pack, also those that have ended. One query."""
    return list(Rule.objects.filter(profile=settings.FORCE_PROFILE).order_by("kind", "amount", "code", "version"))
