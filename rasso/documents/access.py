"""docs/access.md: who may do what to a case, who may hold which role, what the database holds of each table."""

from cases import access
from kit.classification import Classification
from people.roles import DESCRIPTIONS, Role
from rasso.database import TABLES
from rasso.documents.markdown import MADE, first_sentence, table


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
