"""Documents made from tables say what the tables say."""

import pytest

from cases import workflow
from cases.enums import LimitState, ReviewResult, Status
from cases.rulepacks import RULES
from rasso import documents


@pytest.mark.parametrize("name", sorted(documents.DOCUMENTS))
def test_document_is_current(name: str) -> None:
    assert name not in documents.stale(), "Run `make docs` and read what changed."


def test_stale_document_is_noticed(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(documents, "DOCS", tmp_path)
    documents.write()
    assert documents.stale() == []
    (tmp_path / "access.md").write_text("Everybody may do everything.")
    assert documents.stale() == ["access.md"]


def test_diagrams_show_every_state_and_move() -> None:
    made = documents.DOCUMENTS["workflow.md"]()
    for name in (*Status.labels, *(state.value for state in LimitState), *ReviewResult.labels):
        assert name in made
    for move in workflow.TRANSITIONS:
        assert f"--> {move.target.label}: {move.name}" in made
        assert all(gate.__name__.replace("_", " ") in made for gate in move.gates)


def test_every_gate_says_what_it_is_for() -> None:
    gates = [*workflow.COMPLETE_REVIEW, *(gate for move in workflow.TRANSITIONS for gate in move.gates)]
    assert [gate.__name__ for gate in gates if not gate.__doc__] == []


def test_every_rule_stands_in_the_document_of_deadlines() -> None:
    rows = [line for line in documents.DOCUMENTS["deadlines.md"]().splitlines() if line.startswith("| ")]
    for rule in RULES:
        assert any(line.startswith(f"| {rule.label} | {rule.amount} ") and f"| {rule.source} |" in line for line in rows), rule
