"""The reviews of a case: the grid that every open case has, and those that something asks for beside it.

An open case is never without a review to come or a review that is late: the grid begins when it is logged, goes on when its last
review is completed, and begins anew when it is re-opened.
"""

from datetime import date, datetime
from typing import Any

from cases import deadlines
from cases.enums import ReviewKind, ReviewResult
from cases.models import Case, Review, Rule
from cases.rulebook import Rulebook, rulebook_for, rulebook_on
from cases.rulepacks import RuleCode
from kit.workdays import add_working_days
from people.roles import Role

# A round of the grid begins with its first two reviews and the one after them; each later one is made when the last is completed.
MADE_AT_ONCE = 3
# Which rule a review has that was sent on to this role.
ESCALATED_TO = {
    Role.INSPECTOR: RuleCode.REVIEW_ESCALATED_INSPECTOR,
    Role.SUPERINTENDENT: RuleCode.REVIEW_ESCALATED_SUPERINTENDENT,
}


def start_reviews(case: Case) -> list[Review]:
    """Make the reviews that every new case has (Jersey action 9: scrutiny on a 14- and 28-day basis)."""
    return saved(first_reviews(case, rulebook_for(case.recorded_at)))


def first_reviews(case: Case, book: Rulebook) -> list[Review]:
    """The reviews that a new case has, not saved yet. No query."""
    base = deadlines.review_base(case.reported_at, case.recorded_at)
    return [build_review(case, number, book, base, 1) for number in range(1, MADE_AT_ONCE + 1)]


def reviews_taken_over(
    case: Case, book: Rulebook, *, today: date, last_on: date | None, next_on: date | None, quiet_until: date | None
) -> list[Review]:
    """The reviews of a case that comes from a force's own tracker, not saved yet. No query.

    ``last_on``, ``next_on``: the last review and the next due date, as the tracker says. ``quiet_until``: nothing is escalated up to
    and with this day.
    """
    base = deadlines.review_base(case.reported_at, case.recorded_at)
    first, due_on = deadlines.first_open_review(base, today, last_on, next_on, book.rules)
    made = [build_review(case, number, book, base, 1) for number in range(first, max(MADE_AT_ONCE, first) + 1)]
    if next_on is not None:
        moved = {"due_on": due_on, **deadlines.notice(made[0].rule, due_on, book.calendar)}
        for name, value in moved.items():
            setattr(made[0], name, value)
    if quiet_until is not None:
        for review in made:
            keep_quiet(review, quiet_until, book)
    return made


def keep_quiet(row: Any, until: date, book: Rulebook) -> None:
    """Let nobody above hear of this review or time limit before the first working day after this one; its due date stays."""
    first_day = add_working_days(until, 1, book.calendar)
    days = deadlines.EscalationDays(row.escalates_on, row.escalates_further_on)
    row.escalates_on, row.escalates_further_on = deadlines.not_before(days, row.rule, first_day, book.calendar)


def saved(reviews: list[Review]) -> list[Review]:
    for review in reviews:
        review.save(force_insert=True)
    return reviews


def start_again(case: Case, today: date) -> list[Review]:
    """Make the reviews of a case that is re-opened: a new round, counted from today (domain.md 3.2: re-based on re-open)."""
    last = Review.unguarded.filter(case=case).order_by("-round").values_list("round", flat=True)[0]
    book = rulebook_on(today)
    return saved([build_review(case, number, book, today, last + 1) for number in range(1, MADE_AT_ONCE + 1)])


def stand_down(case: Case, *, by: int, now: datetime, because: str) -> list[Review]:
    """End the reviews of a case that closes, and answer them. None of them is late: the gate of closing sees to that."""
    waiting = list(Review.unguarded.filter(case=case, completed_at=None).order_by("due_on"))
    for review in waiting:
        review.completed_at, review.completed_by_id, review.officer_then_id = now, by, case.officer_id
        review.result, review.own_words, review.version = ReviewResult.STOOD_DOWN, because, review.version + 1
        review.save(update_fields=["completed_at", "completed_by", "officer_then", "result", "own_words", "version"])
    return waiting


def follow_up(review: Review) -> Review | None:
    """Make the next review of the grid if the completed one was the last there was."""
    grid = Review.unguarded.filter(case=review.case, round=review.round, number__isnull=False)
    if review.number is None or grid.filter(completed_at=None).exclude(pk=review.pk).exists():
        return None
    last = int(grid.order_by("-number").values_list("number", flat=True)[0] or 0)
    book = rulebook_for(review.case.recorded_at) if review.round == 1 else rulebook_on(review.counted_from)
    return saved([build_review(review.case, last + 1, book, review.counted_from, review.round)])[0]


def build_review(case: Case, number: int, book: Rulebook, base: date, round: int) -> Review:
    """The number-th review of a case, not saved yet. No query."""
    rule = book.rules[deadlines.rule_for_review(number)]
    due_on = deadlines.review_due(base, number, book.rules)
    return _build(case, rule, due_on, book, round=round, number=number, counted_from=base)


def make_review_beside(case: Case, code: RuleCode, day: date, *, escalated_from: Review | None = None) -> Review:
    """A review that something asked for on this day: the next role up, no further action, the prosecutor's list of actions."""
    book = rulebook_on(day)
    rule = book.rules[code]
    due_on = deadlines.review_after(rule, day, book.calendar)
    return saved([_build(case, rule, due_on, book, counted_from=day, escalated_from=escalated_from)])[0]


def _build(case: Case, rule: Rule, due_on: date, book: Rulebook, **more: object) -> Review:
    return Review(
        **Review.scope_of(case),
        kind=ReviewKind(rule.review_kind),
        rule=rule,
        due_on=due_on,
        lowest_role=rule.owner_role,
        **deadlines.notice(rule, due_on, book.calendar),
        **more,
    )
