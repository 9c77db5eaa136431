"""The end of a case: what is left to do before it, and where; the case that goes on instead; the reviews when it is taken up again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from cases import deadlines, schedule, workflow
from cases.enums import ReviewKind
from cases.models import Case, Review
from cases.rulebook import rulebook_on
from kit.access import Actor
from kit.refusal import Blocked

NO_SUCH_CASE = "There is no such case that you can see."
REFERENCE = re.compile(r"[A-Z]{1,10}-[0-9]{4}-[0-9]{5,7}")


@dataclass(frozen=True)
class Place:
    """Where something is done."""

    url: str
    label: str


@dataclass(frozen=True)
class LeftToDo:
    """One thing that stands in the way, in the words in which the act would be refused."""

    sentence: str
    places: list[Place]


def left_to_do(case: Case, actor: Actor, today: date) -> list[LeftToDo]:
    """Everything that must be done before the case can end. One query for each gate, one for the reviews."""
    waiting = list(Review.unguarded.filter(case=case, completed_at=None).order_by("due_on"))
    transition = workflow.ending_of(case)
    return [
        LeftToDo(sentence, list(places_of(gate, case, waiting, today)))
        for gate, sentence in workflow.standing_in_the_way(case, transition, actor, today)
    ]


def places_of(gate: workflow.CaseGate, case: Case, waiting: list[Review], today: date) -> Iterator[Place]:
    if gate is workflow.no_review_is_late:
        reviews = [review for review in waiting if review.due_on <= today]
    elif gate is workflow.nothing_is_escalated:
        reviews = [review for review in waiting if review.kind == ReviewKind.ESCALATED]
    else:
        reviews = []
        name, anchor, label = PLACES[gate]
        yield Place(f"{reverse(name, args=[case.reference])}{anchor}", label)
    for review in reviews:
        yield Place(reverse("review", args=[review.pk]), review.get_kind_display())


PLACES: dict[workflow.CaseGate, tuple[str, str, str]] = {
    workflow.somebody_else_is_the_officer: ("allocate-case", "", "Hand over to another officer"),
    workflow.nobody_covered_works_it: ("case-access", "", "Who may see the case"),
    workflow.no_time_limit_runs: ("case", "#due", "What is due"),
    workflow.no_action_is_open: ("case-actions", "", "Actions"),
    workflow.every_done_action_is_verified: ("case-actions", "", "Actions"),
    workflow.every_line_has_an_end: ("case-enquiries", "", "Lines of enquiry"),
}


def case_that_goes_on(actor: Actor, case: Case, reference: str) -> Case:
    """The other case under which the same crime is recorded. Raises Blocked with one sentence for a case that does not exist and
    for one that the actor may not see."""
    typed = reference.strip().upper()
    if typed == case.reference:
        raise Blocked("This is the case itself. Enter the reference of the other one.")
    found = Case.objects.visible_to(actor, Case.VIEW).filter(reference=typed).first() if REFERENCE.fullmatch(typed) else None
    if found is None:
        raise Blocked(NO_SUCH_CASE)
    if not found.is_open:
        raise Blocked("That case has ended too. Enter the reference of the one that goes on.")
    other: Case = found
    return other


def first_reviews_from(today: date) -> list[tuple[str, date]]:
    """The reviews that a case has which is taken up again today, with their dates."""
    rules = rulebook_on(today).rules
    numbers = range(1, schedule.MADE_AT_ONCE + 1)
    return [
        (str(ReviewKind(rules[deadlines.rule_for_review(number)].review_kind).label), deadlines.review_due(today, number, rules))
        for number in numbers
    ]
