"""What somebody leaves behind, in numbers, and units whose reviews nobody signs: for administrators, who see no case.

Functions of the database count, because an administrator reads none of the rows.
"""

from dataclasses import dataclass

from django.db import connection

from people.roles import Role

# Who completes the reviews of a role, for whoever has to fill the gap.
RANK_THAT_SIGNS = {Role.SERGEANT: "Detective Sergeant or Inspector", Role.INSPECTOR: "Detective Inspector"}


@dataclass(frozen=True)
class LeftOpen:
    cases: int
    actions: int
    # Open reviews that nobody but them could complete.
    reviews: int
    # Of their open cases.
    unit_ids: tuple[int, ...]


def open_work_of(user_id: int) -> LeftOpen:
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_cases, open_actions, only_theirs, units FROM rasso.open_work_of(%s)", [user_id])
        cases, actions, reviews, units = cursor.fetchone()
    return LeftOpen(cases, actions, reviews, tuple(units))


def units_without_signers() -> list[tuple[int, Role]]:
    """Units with open cases, and the role at which nobody signs their reviews."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit_id, missing_role FROM rasso.units_without_signers()")
        return [(unit_id, Role(role)) for unit_id, role in cursor.fetchall()]
