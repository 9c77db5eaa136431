"""The documents that are made from the tables: what stands in the code is what stands in docs/."""

from collections.abc import Callable, Sequence
from pathlib import Path

from cases import access, workflow
from cases.deadlines import LIMITS
from cases.rulepacks import RULES
from kit.classification import Classification
from people.roles import DESCRIPTIONS, Role
from rasso.database import TABLES

DOCS = Path(__file__).resolve().parent.parent / "docs"
MADE = "Made by `make docs` from the tables in the code; do not edit."


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    return [line(head), line(("---",) * len(head)), *(line(row) for row in rows), ""]


def line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def access_document() -> str:
    """Who may do what to a case, who may hold which role, what the database holds of each table."""
    grants = [
        (Role(grant.role).label, first_sentence(grant.reach), ", ".join(sorted(act.value for act in grant.acts)))
        for grant in access.TABLE.grants
    ]
    bars = [first_sentence(bar) for bar in access.TABLE.bars]
    roles = [
        (role.label, ", ".join(sorted(kind.label for kind in described.held_by)), described.sees, described.does, described.never)
        for role, described in DESCRIPTIONS.items()
    ]
    tables = [
        (
            f"`{rules.table}`",
            rules.classification.name.lower() if rules.classification else "library",
            str(len(rules.policies) or "none"),
            "; ".join(f"{', '.join(roles)}: {what}" for roles, what in rules.privileges.items()) or "nobody",
        )
        for rules in sorted(TABLES, key=lambda rules: rules.table)
    ]
    return "\n".join(
        [
            "# Who may",
            "",
            MADE,
            "",
            "## Cases",
            "",
            *table(("Role", "Reach", "May"), grants),
            f"Whatever the role, taken away: {' '.join(bars)}",
            "",
            "## Roles",
            "",
            *table(("Role", "Held by people of", "Sees", "Does", "Never"), roles),
            "## Tables of the database",
            "",
            f"{Classification.OPERATIONAL.value}. A table with policies is under forced row-level security.",
            "",
            *table(("Table", "Classification", "Policies", "Privileges"), tables),
        ]
    )


def workflow_document() -> str:
    """What stands in the way of each act."""
    gates = [(gate.__name__.replace("_", " "),) for gate in workflow.COMPLETE_REVIEW]
    signs = [
        (Role(role).label, ", ".join(Role(lowest).label for lowest in lowest_roles))
        for role, lowest_roles in workflow.SIGNS.items()
    ]
    return "\n".join(
        [
            "# What next",
            "",
            MADE,
            "",
            "```mermaid",
            "stateDiagram-v2",
            "    [*] --> Recorded: log a case",
            "    Recorded --> Investigating: allocate to an officer",
            "```",
            "",
            "## To complete a review",
            "",
            *table(("All of these",), gates),
            "## Who signs whose reviews",
            "",
            *table(("Role", "Signs reviews whose lowest role is"), signs),
        ]
    )


def deadlines_document() -> str:
    """What must happen by when, per profile, and why."""
    rows = [
        (
            rule.profile,
            rule.label,
            f"{rule.amount} {rule.calendar.label}",
            rule.owner_role.label,
            escalation(rule.escalates_to, rule.escalates_after, rule.escalation_calendar.label),
            escalation(rule.escalates_further_to, rule.escalates_further_after, rule.escalation_calendar.label),
            rule.basis,
            rule.source,
            str(rule.version),
        )
        for rule in RULES
    ]
    limits = [
        (limit.code.value, ", ".join(sorted(kind.label for kind in limit.starts)), limit.met_by.label, limit.counted_from.value)
        for limit in LIMITS.values()
    ]
    head = ("Profile", "What", "Allowed", "Who", "Then", "Then further", "Basis", "Source", "Version")
    return "\n".join(
        [
            "# By when",
            "",
            MADE,
            "",
            *table(head, rows),
            "## What starts and meets a time limit",
            "",
            *table(("Time limit", "Starts with", "Met by", "Counted from"), limits),
        ]
    )


def escalation(role: Role | str, after: int | None, calendar: str) -> str:
    return f"{Role(role).label} after {after} {calendar}" if role and after is not None else ""


def first_sentence(function: Callable[..., object]) -> str:
    return (function.__doc__ or "").strip().splitlines()[0]


DOCUMENTS: dict[str, Callable[[], str]] = {
    "access.md": access_document,
    "workflow.md": workflow_document,
    "deadlines.md": deadlines_document,
}


def stale() -> list[str]:
    """The documents that no longer say what the code says."""
    return [name for name, make in DOCUMENTS.items() if not (DOCS / name).is_file() or (DOCS / name).read_text("utf-8") != make()]


def write() -> None:
    for name, make in DOCUMENTS.items():
        (DOCS / name).write_text(make(), "utf-8")
