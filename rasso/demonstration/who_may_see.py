"""Who may see a case, in the last days of the invented force: somebody is named on a restricted case, somebody turns out to be connected with
one, and somebody on call opens one at night."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from cases import operations
from cases.models.emergency import EmergencyReason
from rasso.demonstration.reports import Cast
from rasso.demonstration.story import Story
from rasso.demonstration.timeline import Timeline, at

# Of the one team, who is named on its restricted case; who knows V1 of another; and who of the other team was on call.
NAMED, CONNECTED, ON_CALL = "investigator2", "wherevere", "sergeant2"


def plan(timeline: Timeline, cast: Cast, stories: Sequence[Story], today: date) -> None:
    """A small world may not have every kind of case."""
    yesterday = today - timedelta(days=1)
    quiet = [story for story in stories if not (story.outline.second_team or story.outline.ends or story.outline.connected)]
    for moment, act, of in (
        (at(yesterday, time(10, 15)), _name_somebody, [story for story in stories if story.outline.connected]),
        (at(yesterday, time(15, 40)), _say_who_is_connected, [story for story in quiet if story.outline.officer == NAMED]),
        (at(yesterday, time(22, 40)), _open_at_night, [story for story in quiet if story.outline.officer == "investigator"]),
    ):
        old = [story for story in of if story.recorded_on < yesterday - timedelta(days=2)]
        for story in old[-1:]:
            timeline.plan(moment, partial(act, cast, story))


def _name_somebody(cast: Cast, story: Story, now: datetime) -> None:
    operations.name_on_case(story.case, actor=cast.actor("inspector"), user_id=cast.users[NAMED].pk)


def _say_who_is_connected(cast: Cast, story: Story, now: datetime) -> None:
    """A Detective Superintendent has not decided yet whether their line of command loses the case too."""
    operations.say_connected(
        story.case, actor=cast.actor("sergeant"), user_id=cast.users[CONNECTED].pk, how="Went to school with V1"
    )


def _open_at_night(cast: Cast, story: Story, now: datetime) -> None:
    """The sergeant and the auditor find it waiting for review."""
    operations.open_emergency_access(
        actor=cast.actor(ON_CALL),
        reference=story.reference,
        why=EmergencyReason.SAFE_CONTACT,
        words="V1 rang the control room and asked to be rung back. I need the safe way to do it.",
    )
