"""The actions of a case: all of them in groups, a page at a time; one of them with the reasons of its date."""

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cases import action_moves
from cases.access import TABLE
from cases.enums import Act
from cases.models import Action, Case, Event, MoreTime
from kit import dates
from kit.access import Actor, acts_of
from people.models import User

ROWS_ON_A_PAGE = 50
MOST_ENTRIES = 100
SOON = timedelta(days=7)
OFTEN = {1: "once", 2: "twice"}


class State(enum.StrEnum):
    """Where an action stands, in the order of the list; computed, never stored."""

    LATE = "late"
    SOON = "soon"
    LATER = "later"
    DONE = "done"
    VERIFIED = "verified"


LABELS = {
    State.LATE: "Late",
    State.SOON: "Due in the next 7 days",
    State.LATER: "Later",
    State.DONE: "Done and to be verified",
    State.VERIFIED: "Verified",
}
TO_VERIFY = dates.Urgency("Done, to be verified", dates.DONE.css)
VERIFIED = dates.Urgency("Verified", dates.DONE.css)


def state_of(due_on: date, done_at: datetime | None, verified_at: datetime | None, today: date) -> State:
    if verified_at is not None:
        return State.VERIFIED
    if done_at is not None:
        return State.DONE
    if due_on < today:
        return State.LATE
    return State.SOON if due_on <= today + SOON else State.LATER


# All actions of a case -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ActionFilters:
    owner_id: int | None = None
    state: State | None = None


@dataclass(frozen=True)
class ActionRow:
    """One action as a list shows it."""

    number: int
    what: str
    urgency: dates.Urgency
    facts: list[str]
    look_again: str
    is_to_look: bool
    asked: str

    @property
    def name(self) -> str:
        return f"A{self.number}"


@dataclass(frozen=True)
class Group:
    state: State
    total: int
    rows: list[ActionRow]

    @property
    def heading(self) -> str:
        return f"{LABELS[self.state]} ({self.total})"


@dataclass(frozen=True)
class ActionList:
    groups: list[Group]
    total: int
    owners: list[Any]
    next_after: int | None


@dataclass(frozen=True)
class Place:
    """What of an action says where it stands in the list."""

    number: int
    owner_id: int
    state: State
    order: tuple[Any, ...]


def actions_of_case(case: Case, filters: ActionFilters, today: date, after: int | None = None) -> ActionList:
    """One page of the list. Four queries. The first reads only what the order needs, of every action of the case."""
    columns = Action.unguarded.filter(case=case).values_list("number", "owner_id", "due_on", "done_at", "verified_at")
    places = sorted((place(*row, today=today) for row in columns), key=lambda place: place.order)
    shown = [one for one in places if fits(one, filters)]
    start = next((index + 1 for index, one in enumerate(shown) if one.number == after), 0)
    page = shown[start : start + ROWS_ON_A_PAGE]
    actions = Action.unguarded.filter(case=case, number__in=[one.number for one in page])
    people = actions.select_related("owner", "done_by", "verified_by")
    waiting = MoreTime.unguarded.filter(case=case, answered_at=None, action__done_at=None)
    asked = {request.action_id: request for request in waiting}
    rows = {action.number: row_of(action, asked.get(action.pk), today) for action in people}
    groups = [
        Group(state, sum(one.state is state for one in shown), [rows[one.number] for one in page if one.state is state])
        for state in State
    ]
    owners = User.objects.filter(pk__in={one.owner_id for one in places}).order_by("family_name", "given_name", "pk")
    more = len(shown) > start + ROWS_ON_A_PAGE
    return ActionList(
        groups=[group for group in groups if group.rows],
        total=len(places),
        owners=list(owners),
        next_after=page[-1].number if more else None,
    )


@dataclass(frozen=True)
class WholeAction:
    """One action for an export: where it stands, and the request that waits for an answer."""

    place: Place
    action: Action
    asked: MoreTime | None


def every_action(case: Case, filters: ActionFilters, today: date, most: int) -> Iterator[WholeAction]:
    """All of the list in its order, at most so many. Two queries."""
    people = Action.unguarded.filter(case=case).select_related("owner", "given_by", "done_by", "verified_by")
    waiting = MoreTime.unguarded.filter(case=case, answered_at=None, action__done_at=None)
    asked = {request.action_id: request for request in waiting}
    every = [
        WholeAction(place(a.number, a.owner_id, a.due_on, a.done_at, a.verified_at, today=today), a, asked.get(a.pk))
        for a in people
    ]
    shown = sorted((one for one in every if fits(one.place, filters)), key=lambda one: one.place.order)
    return iter(shown[:most])


def place(
    number: int, owner_id: int, due_on: date, done_at: datetime | None, verified_at: datetime | None, *, today: date
) -> Place:
    """Open ones by their target date; done ones by how long they wait; verified ones newest first."""
    state = state_of(due_on, done_at, verified_at, today)
    moment = -verified_at.timestamp() if verified_at else done_at.timestamp() if done_at else due_on.toordinal()
    return Place(number, owner_id, state, (list(State).index(state), moment, number))


def fits(one: Place, filters: ActionFilters) -> bool:
    return filters.owner_id in (None, one.owner_id) and filters.state in (None, one.state)


def row_of(action: Action, request: MoreTime | None, today: date) -> ActionRow:
    return ActionRow(
        number=action.number,
        what=action.what,
        urgency=urgency_of(action, today),
        facts=[action.owner.called, *settled(action, today), *extended(action)],
        look_again=look_again(action, today),
        is_to_look=action.done_at is None and action.look_again_on <= today,
        asked=asked_in_words(request),
    )


def urgency_of(action: Action, today: date) -> dates.Urgency:
    if action.verified_at is not None:
        return VERIFIED
    return TO_VERIFY if action.done_at is not None else dates.urgency(action.due_on, today)


def settled(action: Action, today: date) -> list[str]:
    """When it was done and verified, and by whom, where that is not its owner."""
    facts = []
    if action.done_at is not None:
        by = f" by {action.done_by.called}" if action.done_by and action.done_by_id != action.owner_id else ""
        facts.append(f"done {in_days(action.done_at, today)}{by}")
        facts += late_by(action)
    if action.verified_at is not None and action.verified_by is not None:
        facts.append(f"verified {in_days(action.verified_at, today)} by {action.verified_by.called}")
    return facts


def late_by(action: Action) -> list[str]:
    """“2 days after its target date”, of a done one."""
    if action.done_at is None:
        return []
    days = (timezone.localdate(action.done_at) - action.due_on).days
    return [f"{dates.count(days, 'day')} after its target date"] if days > 0 else []


def in_days(moment: datetime, today: date) -> str:
    return dates.ago(timezone.localdate(moment), today)


def extended(action: Action) -> list[str]:
    number = action.extended_count
    return [f"extended {OFTEN.get(number, f'{number} times')}"] if number else []


def look_again(action: Action, today: date) -> str:
    """The review date is a date of its own: somebody looks, whether the action is due or not."""
    if action.done_at is not None:
        return ""
    if action.look_again_on == today:
        return "Look at this again today"
    if action.look_again_on < today:
        return f"Look at this again: that was for {dates.ago(action.look_again_on, today)}"
    return f"Look again on {dates.day(action.look_again_on)}"


def asked_in_words(request: MoreTime | None) -> str:
    return f"More time asked until {dates.day(request.due_asked)}: waiting for a supervisor" if request else ""


# One action ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One request for more time, in the words of the page."""

    title: str
    asked: str
    because: str
    answered: str
    answer: str


@dataclass(frozen=True)
class ActionPage:
    action: Action
    urgency: dates.Urgency
    look_again: str
    set_by: str
    steps: list[Step]
    events: list[Any]
    has_more_events: bool
    # What may be done now, and why something may not.
    moves: list[action_moves.ActionMove]
    refusals: list[str]


def action_page(actor: Actor, case: Any, number: int, today: date) -> ActionPage | None:
    """One action whole; nothing where the case has none of this number. At most eight queries."""
    action = action_of(case, number)
    if action is None:
        return None
    requests = list(
        MoreTime.unguarded.filter(case=case, action=action).select_related("asked_by", "answered_by").order_by("asked_at", "pk")
    )
    entries = (
        Event.unguarded.filter(case=case, subject=str(action))
        .select_related("by", "on_behalf_of")
        .order_by("-happened_at", "-pk")
    )
    events = list(entries[: MOST_ENTRIES + 1])
    acts: Iterable[Any] = acts_of(TABLE, actor, case, (Act.DO_ACTION, Act.SUPERVISE))
    moves = action_moves.moves_of_action(action, actor, frozenset(acts), today)
    return ActionPage(
        action=action,
        urgency=urgency_of(action, today),
        look_again=look_again(action, today),
        set_by=set_by(action, requests),
        steps=[step_of(request, action) for request in requests],
        events=events[:MOST_ENTRIES],
        has_more_events=len(events) > MOST_ENTRIES,
        moves=[move for move, refusals in moves if not refusals],
        # What stands in the way of several moves is said once.
        refusals=list(dict.fromkeys(reason for _, refusals in moves for reason in refusals)),
    )


def action_of(case: Any, number: int) -> Any:
    """The action of this case with this number, its people and the case itself at hand. One query."""
    people = ("owner", "given_by", "done_by", "verified_by", "direction_of")
    action = Action.unguarded.filter(case=case, number=number).select_related(*people).first()
    if action is not None:
        action.case = case
    return action


def set_by(action: Action, requests: list[Any]) -> str:
    """Where its first target date comes from."""
    first = requests[0].due_before if requests else action.due_on
    review = f" in the {action.direction_of.get_kind_display()}" if action.direction_of else ""
    given = dates.day(timezone.localdate(action.given_at))
    return f"{dates.day(first)} was set by {action.given_by.called}{review} when the action was given on {given}."


def step_of(request: MoreTime, action: Action) -> Step:
    before, asked = dates.day(request.due_before), dates.day(request.due_asked)
    title, answered = f"More time asked until {asked}", ""
    if request.answered_by is not None and request.answered_at is not None:
        title = f"From {before} to {asked}" if request.is_agreed else f"{before} was kept; {asked} was asked for"
        word = "Agreed" if request.is_agreed else "Refused"
        answered = f"{word} by {request.answered_by.called} on {dates.day(timezone.localdate(request.answered_at))}"
    elif action.done_at is None:
        answered = f"Waiting for a supervisor. Until somebody agrees, the target date is {dates.day(action.due_on)}"
    return Step(
        title=title,
        asked=f"Asked by {request.asked_by.called} on {dates.day(timezone.localdate(request.asked_at))}",
        because=request.because,
        answered=answered,
        answer=request.answer,
    )
