"""The tables of what may happen next, read as code: one place writes the status, and no state or kind of entry is a dead end."""

import ast
from collections.abc import Iterator

from cases import workflow
from cases.enums import ADDED_BY_HAND, EventKind, Status
from tests.house.sources import called, nodes, place, product

ASKING = {"filter", "exclude", "get", "Q"}


def test_the_status_of_a_case_is_written_in_one_place() -> None:
    assert [place for place, function in writes_of_the_status() if function != "set_moved"] == []
    assert [place.split(":")[0] for place, _ in writes_of_the_status()] == ["cases/workflow.py"]


def writes_of_the_status() -> Iterator[tuple[str, str]]:
    """Where something in cases/ sets `.status`, or names it in what it sends to the database; and in which function."""
    for path, tree in product().items():
        if path.startswith("cases/") and path != "cases/policies.py":
            for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
                for node in ast.walk(function):
                    if is_write_of_status(node):
                        yield place(path, node), function.name


def is_write_of_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        parts = [part for target in targets for part in ast.walk(target)]
        return any(isinstance(part, ast.Attribute) and part.attr == "status" for part in parts)
    if isinstance(node, ast.Call) and called(node) in {"update", "create", "Case", "update_or_create"}:
        return any(keyword.arg == "status" for keyword in node.keywords)
    if isinstance(node, ast.Call) and called(node) == "setattr":
        return any(isinstance(argument, ast.Constant) and argument.value == "status" for argument in node.args)
    return False


def test_every_status_is_reached_from_the_first() -> None:
    reached, before = {Status.RECORDED}, set()
    while reached != before:
        before = set(reached)
        reached |= {move.target for move in workflow.TRANSITIONS if move.sources & reached}
    assert reached == set(Status)


def test_every_status_has_a_way_out() -> None:
    ways = {source for move in workflow.TRANSITIONS for source in move.sources if move.target != source}
    assert ways == set(Status)


def test_every_status_is_open_or_ended() -> None:
    assert set(Status) == workflow.OPEN | workflow.ENDED
    assert not workflow.OPEN & workflow.ENDED


def test_every_kind_of_entry_is_written_by_somebody() -> None:
    """By an officer's hand, or by an act that passes it on."""
    written = set(ADDED_BY_HAND) | {EventKind[name] for name in passed_on()}
    assert set(EventKind) - written == set()


def passed_on() -> Iterator[str]:
    for path, node in nodes(ast.Call):
        if path.startswith(("cases/operations/", "cases/chronology.py", "cases/workflow.py")) and called(node) not in ASKING:
            assert isinstance(node, ast.Call)
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                if isinstance(argument, ast.Attribute) and called(argument.value) == "EventKind":
                    yield argument.attr


def test_what_an_officer_writes_by_hand_no_act_writes_too() -> None:
    """An entry struck out by hand must not be the trace of an act; safety is checked by either."""
    assert set(ADDED_BY_HAND) & {EventKind[name] for name in passed_on()} == {EventKind.SAFETY_CHECKED}
