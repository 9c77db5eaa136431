"""The grid of reviews: which reviews a case has, made from the rule pack when the case is logged and when one is completed."""

from cases import deadlines
from cases.enums import ReviewKind
from cases.models import Case, Review
from cases.rulebook import Rulebook, rulebook_for

# A case always has its first two reviews and the one after them; each later one is made when the last is completed, so no
# open case is ever without a review to come or a review that is late.
MADE_AT_ONCE = 3


def start_reviews(case: Case) -> list[Review]:
    """Make the reviews that every new case has (Jersey action 9: scrutiny on a 14- and 28-day basis)."""
    book = rulebook_for(case.recorded_at)
    return [make_review(case, number, book) for number in range(1, MADE_AT_ONCE + 1)]


def follow_up(review: Review) -> Review | None:
    """Make the next review of the grid if the completed one was the last there was."""
    case = review.case
    if Review.unguarded.filter(case=case, completed_at=None).exclude(pk=review.pk).exists():
        return None
    last = Review.unguarded.filter(case=case).order_by("-number").values_list("number", flat=True)[0]
    return make_review(case, last + 1, rulebook_for(case.recorded_at))


def make_review(case: Case, number: int, book: Rulebook) -> Review:
    rule = book.rules[deadlines.rule_for_review(number)]
    base = deadlines.review_base(case.reported_at, case.recorded_at)
    due_on = deadlines.review_due(base, number, book.rules)
    escalates = deadlines.escalation_days(rule, due_on, book.calendar)
    return Review.unguarded.create(
        **Review.scope_of(case),
        kind=ReviewKind(rule.review_kind),
        rule=rule,
        number=number,
        due_on=due_on,
        remind_on=deadlines.reminder_day(due_on, book.calendar),
        lowest_role=rule.owner_role,
        escalates_to=rule.escalates_to,
        escalates_on=escalates.first,
        escalates_further_to=rule.escalates_further_to,
        escalates_further_on=escalates.second,
    )
