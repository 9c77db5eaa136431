"""docs/workflow.md: the moves of a case, what stands in the way of each, and how an action, a time limit and a review go on."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from cases import deadlines, operations, workflow
from cases.deadlines import Due, Mark
from cases.enums import EventKind, LimitState, ReviewResult, Status
from cases.models import Event, TimeLimit
from cases.workflow import Transition
from people.roles import Role
from rasso.documents.markdown import MADE, OUTSIDE, Edge, diagram, first_sentence, table, who_may, words

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
DUE = Due(date(2026, 7, 8))


def workflow_document() -> str:
    return "\n".join(["# What next", "", MADE, "", *cases(), *actions(), *limits(), *reviews()])


# A case ----------------------------------------------------------------------------------------------------------------


def cases() -> list[str]:
    edges = [
        (source.label, move.target.label, move.name)
        for move in workflow.TRANSITIONS
        for source in Status
        if source in move.sources and (source != move.target or len(move.sources) == 1)
    ]
    moves = [move_in_words(move) for move in workflow.TRANSITIONS]
    return [
        "## A case",
        "",
        *diagram([(OUTSIDE, Status.RECORDED.label, "log a case"), *edges]),
        *table(("Move", "From", "To", "Who may", "Written down as", "Gates"), moves),
        "Each gate says in one sentence what is left to do; all of them are said at once.",
        "",
        *gates(dict.fromkeys(gate for move in workflow.TRANSITIONS for gate in move.gates)),
    ]


def move_in_words(move: Transition) -> tuple[str, ...]:
    sources = ", ".join(source.label for source in Status if source in move.sources)
    gates = ", ".join(words(gate.__name__) for gate in move.gates) or "none"
    return move.name, sources, move.target.label, who_may(move.act), move.event.label, gates


def gates(found: Iterable[Callable[..., object]]) -> list[str]:
    return table(("Gate", "That is"), [(words(gate.__name__), first_sentence(gate)) for gate in found])


# An action -------------------------------------------------------------------------------------------------------------

OPEN, ASKED, DONE, VERIFIED = "Open", "More time asked", "Done", "Verified"
# The acts on an action, from which state to which.
ACTION: tuple[tuple[Callable[..., object], str, str], ...] = (
    (operations.give_action, OUTSIDE, OPEN),
    (operations.ask_for_more_time, OPEN, ASKED),
    (operations.answer_more_time, ASKED, OPEN),
    (operations.complete_action, OPEN, DONE),
    (operations.complete_action, ASKED, DONE),
    (operations.send_back_action, DONE, OPEN),
    (operations.verify_action, DONE, VERIFIED),
)


def actions() -> list[str]:
    return [
        "## An action",
        "",
        "“Overdue” is never stored, and no action closes by itself. A direction of a review is an action too.",
        "",
        *diagram((source, target, words(act.__name__)) for act, source, target in ACTION),
        *acts(dict.fromkeys(act for act, _, _ in ACTION)),
    ]


def acts(found: Iterable[Callable[..., object]]) -> list[str]:
    rows = [(words(act.__name__), who_may(getattr(act, "act", None)), first_sentence(act)) for act in found]
    return table(("Act", "Who may", "What it does"), rows)


# A time limit ----------------------------------------------------------------------------------------------------------

MET = "the entry that meets it"
LIMIT_ACTS = (operations.suspend_limit, operations.resume_limit, operations.stop_limit, operations.restart_limit)
ON_A_LIMIT = (EventKind.LIMIT_SUSPENDED, EventKind.LIMIT_RESUMED, EventKind.LIMIT_NOT_APPLICABLE, EventKind.LIMIT_REOPENED)


def limits() -> list[str]:
    return [
        "## A time limit",
        "",
        "How a limit stands is computed from the entries of the chronology that are not struck out; nobody types it.",
        "It becomes void from wherever it stands; what is done to a limit while it does not apply, or after it was met, is refused.",
        "",
        *diagram(
            [
                (OUTSIDE, LimitState.RUNNING.value, "the entry that starts it"),
                *limit_edges(),
                (LimitState.MET.value, LimitState.RUNNING.value, f"{MET} is struck out"),
                (LimitState.RUNNING.value, LimitState.VOID.value, "the entry that starts it is struck out"),
            ]
        ),
        *acts(LIMIT_ACTS),
    ]


def limit_edges() -> list[Edge]:
    """Found by writing each kind of entry after each that leads to another state, and asking how the limit stands."""
    edges: list[Edge] = []
    reached: dict[str, tuple[EventKind, ...]] = {LimitState.RUNNING.value: ()}
    ways = [LimitState.RUNNING.value]
    while ways:
        before = ways.pop(0)
        for kind in (EventKind.VICTIM_TOLD, *ON_A_LIMIT):
            after = state_after(*reached[before], kind)
            if after != before:
                edges.append((before, after, MET if kind is EventKind.VICTIM_TOLD else kind.label))
            if after not in reached:
                reached[after] = (*reached[before], kind)
                ways.append(after)
    return edges


def state_after(*kinds: EventKind) -> str:
    marks = [Mark(kind, NOON + timedelta(hours=number), Event(kind=kind), DUE.on) for number, kind in enumerate(kinds)]
    stands = deadlines.standing(DUE, marks, EventKind.VICTIM_TOLD)
    return TimeLimit(
        met_at=stands.met.at if stands.met else None,
        suspended_by=stands.suspended.event if stands.suspended else None,
        stopped_by=stands.stopped.event if stands.stopped else None,
    ).state.value


# A review --------------------------------------------------------------------------------------------------------------

TO_COME, RIPE, LATE, COMPLETED, STOOD_DOWN = "To come", "May be completed", "Late", "Completed", "Not needed"


def reviews() -> list[str]:
    early = f"{deadlines.EARLY_COMPLETION.days} days before it is due"
    complete, close = words(operations.complete_review.__name__), words(operations.close_case.__name__)
    results = [(result.label, AFTER[result]) for result in ReviewResult]
    signs = [
        (Role(role).label, ", ".join(Role(one).label for one in lowest), sent_on_to(role))
        for role, lowest in workflow.SIGNS.items()
    ]
    return [
        "## A review",
        "",
        *diagram(
            [
                (OUTSIDE, TO_COME, "log a case"),
                (OUTSIDE, TO_COME, "the last one of the grid is completed"),
                (OUTSIDE, TO_COME, "another one is escalated"),
                (OUTSIDE, TO_COME, "re-open"),
                (TO_COME, RIPE, early),
                (RIPE, COMPLETED, complete),
                (RIPE, LATE, "the due date has passed"),
                (LATE, COMPLETED, f"{complete}, late"),
                (TO_COME, STOOD_DOWN, close),
            ]
        ),
        *table(("Result", "What follows"), results),
        "### To complete a review",
        "",
        "All of these:",
        "",
        *gates(workflow.COMPLETE_REVIEW),
        "### Who signs whose reviews",
        "",
        *table(("Role", "Signs reviews whose lowest role is", "Sends on to"), signs),
    ]


AFTER = {
    ReviewResult.SATISFACTORY: "The grid goes on.",
    ReviewResult.WITH_DIRECTIONS: "Each direction becomes an action; the grid goes on.",
    ReviewResult.ESCALATED: "The next role up has a review beside the grid; the grid goes on.",
    ReviewResult.STOOD_DOWN: "A case that is re-opened begins a new grid.",
}


def sent_on_to(role: str) -> str:
    up = workflow.NEXT_UP.get(role)
    return up.label if up else "nobody"
