"""The page that says who may see a case says exactly what the table of who may says, for everybody and every case."""

from cases import access
from cases.enums import Act
from cases.models import Case
from cases.queries.who_may_see import FINDERS, ORDER, who_may_see
from kit.binding import bound_to
from people.models import User
from tests.access.scene import Scene
from tests.worlds import building


def test_every_reach_of_the_table_has_a_finder() -> None:
    reaches = {grant.reach for grant in access.TABLE.grants if Act.VIEW in grant.acts}
    assert reaches == set(FINDERS) == set(ORDER)


def test_list_is_whom_the_table_admits(scene: Scene) -> None:
    with building():
        people = list(User.objects.filter(is_active=True))
    admitted: dict[str, set[int]] = {name: set() for name in scene.cases}
    answers: dict[str, set[int]] = {}
    for user in people:
        with bound_to(user.pk, user.kind, may_write=False) as bound:
            seen = set(Case.objects.visible_to(bound.actor, Act.VIEW).values_list("pk", flat=True))
            for name, case in scene.cases.items():
                if case.pk not in seen:
                    continue
                admitted[name].add(user.pk)
                mine = Case.objects.visible_to(bound.actor, Act.VIEW).get(pk=case.pk)
                who = who_may_see(mine, frozenset(), bound.now)
                # Everybody who sees the case reads the same list.
                assert answers.setdefault(name, {seer.user_id for seer in who.people}) == {s.user_id for s in who.people}
                assert who.reasons_of(user.pk)
    assert answers == admitted
    assert all(len(people) > 1 for people in answers.values())
