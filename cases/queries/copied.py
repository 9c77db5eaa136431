"""What goes into the plain text for the crime report, asked for by name so that the names can be left out of it."""

import re
from typing import Any

from cases.crime_report import Known, Part, entry_lines, report, without_names
from cases.enums import Answer
from cases.models import Action, ReviewAnswer, Suspect, Victim
from cases.queries.review_page import MOST_CHANGES, changes_before
from kit import dates


def known_people(case: Any) -> list[Known]:
    """Everybody of the case with every recorded name. Two queries."""
    people: list[Any] = [
        *Victim.unguarded.filter(case=case).select_related("person").order_by("number"),
        *Suspect.unguarded.filter(case=case).select_related("person").order_by("number"),
    ]
    return [Known(str(one), names_of(one.person)) for one in people if one.person is not None]


def names_of(person: Any) -> tuple[str, ...]:
    aliases = (alias.strip() for alias in re.split(r"[,;/]", person.aliases))
    return (person.name, *(alias for alias in aliases if alias))


def review_copy(review: Any, zone: Any) -> str:
    """A completed review as plain text. Six queries."""
    people = known_people(review.case)
    earlier, changes = changes_before(review)
    since = f"since {dates.day(earlier.completed_at.astimezone(zone).date())}" if earlier else "since the case was recorded"
    completed = dates.day_and_time(review.completed_at.astimezone(zone))
    return report(
        f"{review.get_kind_display()} of {review.case.reference}",
        (
            Part(
                "Result",
                [
                    review.get_result_display(),
                    f"Due {dates.day(review.due_on)}, completed on {completed} by {review.completed_by.called}",
                ],
            ),
            Part("What matters most, in the reviewer’s own words", [without_names(review.own_words, people)]),
            Part("Answers", [answer_line(answer, people) for answer in ReviewAnswer.unguarded.filter(review=review)]),
            Part("Directions", direction_lines(review, people)),
            Part(f"What had been recorded {since}", entry_lines(changes[:MOST_CHANGES], people, zone)),
        ),
    )


def answer_line(answer: Any, people: list[Known]) -> str:
    text = f": {without_names(answer.text, people)}" if answer.answer == Answer.NEEDS_ACTION else ""
    return f"{answer.get_group_display()}: {answer.get_answer_display()}{text}"


def direction_lines(review: Any, people: list[Known]) -> list[str]:
    given = Action.unguarded.filter(case=review.case, direction_of=review).select_related("owner").order_by("number")
    return [
        f"{action}: {without_names(action.what, people)} ({action.owner.called}, by {dates.day(action.due_on)})"
        for action in given
    ]
