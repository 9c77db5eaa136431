"""TABLE: who can do whose work. The database holds the same (rasso.can_cover); a test compares the two for all roles."""

from collections.abc import Collection

from people.roles import Role

# The first role of this list that the absent person holds says which one of these the other must hold: somebody who signs is never
# covered by a lower rank.
FITTING: dict[Role, frozenset[Role]] = {
    Role.SUPERINTENDENT: frozenset({Role.SUPERINTENDENT}),
    Role.INSPECTOR: frozenset({Role.INSPECTOR}),
    Role.SERGEANT: frozenset({Role.SERGEANT, Role.INSPECTOR}),
    Role.INVESTIGATOR: frozenset({Role.INVESTIGATOR, Role.SERGEANT, Role.INSPECTOR}),
    Role.LIAISON_OFFICER: frozenset({Role.LIAISON_OFFICER}),
}


def fitting(absent: Collection[str]) -> frozenset[Role]:
    """The roles of which somebody needs one to do this work; none where there is no work to take over."""
    return next((needed for role, needed in FITTING.items() if role in absent), frozenset())


def can_cover(absent: Collection[str], covering: Collection[str]) -> bool:
    return not fitting(absent).isdisjoint(covering)
