"""What goes into the plain text for the crime report, asked for by name so that the names can be left out of it."""

import re
from typing import Any

from cases.crime_report import Known, Part, entry_lines, report, without_names
from cases.enums import Answer, Nature
from cases.models import Action, Event, ReviewAnswer
from cases.queries.review_page import MOST_CHANGES, changes_before
from cases.queries.scope import rows
from kit import dates


def known_people(case: Any) -> list[Known]:
    """Everybody of the case with every name that was ever recorded for them, also one that was wrong. One query."""
    found = rows("SELECT called, name, aliases FROM rasso.names_of_case(%(case)s) ORDER BY called, name", {"case": case.pk})
    return [Known(row["called"], names_of(row["name"], row["aliases"])) for row in found]


def names_of(name: str, aliases: str) -> tuple[str, ...]:
    return (name, *(alias for alias in (each.strip() for each in re.split(r"[,;/]", aliases)) if alias))


def without_intelligence(case: Any, entries: list[Any]) -> list[Any]:
    """Without entries that are intelligence, and without those that say why one of them was struck out. One query."""
    hidden = set(Event.unguarded.filter(case=case, nature=Nature.INTELLIGENCE).values_list("pk", flat=True))
    return [entry for entry in entries if entry.pk not in hidden and entry.about_id not in hidden]


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
                    f"Due {dates.day(review.due_on)}, completed on {completed} by {review.by_whom}",
                ],
            ),
            Part("What matters most, in the reviewer’s own words", [without_names(review.own_words, people)]),
            Part("Answers", [answer_line(answer, people) for answer in ReviewAnswer.unguarded.filter(review=review)]),
            Part("Directions", direction_lines(review, people)),
            Part(
                f"What had been recorded {since}",
                entry_lines(without_intelligence(review.case, list(changes[:MOST_CHANGES])), people, zone),
            ),
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
