"""Fourth lock: no page outside the matrix, and each cell of it is tried."""

from collections.abc import Iterator
from typing import Any

import pytest

from people import session
from people.models import RoleAssignment, User
from people.roles import Role
from tests.access import matrix
from tests.access.asking import ABSENT, Answer, Asking, address_of, own, pages, urls
from tests.access.recording import fault_of
from tests.access.scene import Scene
from tests.worlds import building


@pytest.fixture(scope="module")
def asking(scene: Scene) -> Iterator[Asking]:
    with pytest.MonkeyPatch.context() as patch:
        # So that a request that happens to be the first of its minute sends no statement more than the others.
        patch.setattr(session, "WRITE_AT_MOST_EVERY", 3600)
        yield Asking(scene)


@pytest.fixture(scope="module")
def parts(scene: Scene) -> dict[str, dict[str, Any]]:
    """What addresses hold about each case of the scene."""
    return {case: own(scene, case) for case in scene.cases}


# The document ----------------------------------------------------------------------------------------------------------


def test_lists_exactly_the_pages_of_the_site() -> None:
    assert matrix.pages() == set(pages())


def test_no_two_pages_share_a_name() -> None:
    names = [name for name, _ in urls()]
    assert len(names) == len(set(names))


def test_each_cell_stands_once_and_is_a_word_of_the_list() -> None:
    stated = [(row.page, row.method, column) for row in matrix.rows() for column in row.cells]
    assert len(stated) == len(set(stated))
    assert {cell for row in matrix.rows() for cell in row.cells.values()} <= matrix.words()
    for row in matrix.rows():
        assert row.cells.keys() == matrix.columns().keys(), f"{row.page} {row.method}"
        assert row.method in matrix.METHODS


def test_columns_are_the_people_of_the_scene_and_every_role_is_among_them(on_the_scene: Scene) -> None:
    scene = on_the_scene
    stated = {column: case for column, (_, case) in matrix.columns().items() if column != "anonymous"}
    assert stated == {column: relation.case for column, relation in scene.relations.items()}
    with building():
        held = set(RoleAssignment.objects.filter(user__in=scene.everybody).values_list("role", flat=True))
    assert held == set(Role)


# The cells -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", matrix.METHODS)
@pytest.mark.parametrize("page", sorted(matrix.pages()))
def test_every_cell(scene: Scene, asking: Asking, parts: dict[str, dict[str, Any]], page: str, method: str) -> None:
    wrong = []
    case_of = {case.reference: case.pk for case in scene.cases.values()}
    # Whoever stands in two columns asks for the same address only once.
    answers: dict[tuple[User | None, str], Answer] = {}
    for column, (_, case) in matrix.columns().items():
        relation = scene.relations.get(column)
        people = relation.people if relation else (None,)
        # That a page does not take the method is tried with one person of each column.
        for user in people if matrix.expected(page, method) else people[:1]:
            of_case = parts[case if relation else "at hand"]
            asked = (user, address_of(page, of_case))
            if asked not in answers:
                answers[asked] = asking(user, method, page, of_case, with_lines=True)
            answer = answers[asked]
            wanted = wanted_of(page, method, column, scene, user)
            if fault := fault_of(page, answer, case_of):
                wrong.append(f"{column} ({user or 'nobody'}): {fault}")
            if answer.cell not in wanted:
                wrong.append(f"{column} ({user or 'nobody'}): {answer.cell} ({answer.status}) instead of {' or '.join(wanted)}")
    assert not wrong, "\n".join(wrong)


def wanted_of(page: str, method: str, column: str, scene: Scene, user: User | None) -> tuple[str, ...]:
    if stated := matrix.expected(page, method):
        if stated[column] == "administrator":
            return ("yes",) if user == scene.force.user(Role.ADMINISTRATOR) else ("hidden",)
        if stated[column] == "auditor":
            return ("yes",) if user == scene.force.user(Role.AUDITOR) else ("hidden",)
        if stated[column] == "information":
            return ("yes",) if user == scene.force.user(Role.INFORMATION_MANAGER) else ("hidden",)
        if stated[column] == "inspector":
            return ("yes",) if user == scene.force.inspector else ("hidden",)
        return ("yes",) if stated[column] == "public" else (stated[column],)
    (other,) = (cells for each in matrix.METHODS if (cells := matrix.expected(page, each)))
    either = ("no such method", "hidden")
    # Whoever may not know the page is told so first, or that there is no such method on it.
    known = {"login": ("login",), "hidden": either, "information": either, "auditor": either}
    return known.get(other[column], ("no such method",))


# Own, other, absent ----------------------------------------------------------------------------------------------------


# What the auditor may know of every case.
OF_EVERY_CASE = {"review-emergency-access"}


def pages_about_objects() -> list[str]:
    """Pages whose address names something of a case; the step of one's own form is nothing of the kind."""
    return sorted(
        page
        for page in matrix.pages()
        if pages().get(page, frozenset())
        & {"reference", "review_id", "event_id", "limit_id", "user_id", "run_id", "search_id", "access_id"}
    )


def test_pages_about_objects_are_found() -> None:
    assert {"case", "review", "complete-action"} <= set(pages_about_objects())


@pytest.mark.parametrize("page", sorted({row.page for row in matrix.rows() if "hidden" in row.cells.values()}))
def test_case_elsewhere_and_absent_case_answer_alike(
    scene: Scene, asking: Asking, parts: dict[str, dict[str, Any]], page: str
) -> None:
    """In status, headers, body and number of statements: nobody learns that a case exists by asking for it."""
    wrong = []
    # Pages about no case answer both alike by themselves; their addresses name none.
    for method in matrix.METHODS if page in pages_about_objects() else ():
        takes_it = bool(matrix.expected(page, method))
        hidden = {"hidden"} if takes_it else {"hidden", "no such method"}
        for user in (None, *(scene.everybody if takes_it and method == "GET" else one_of_each(scene))):
            if page in OF_EVERY_CASE and user == scene.force.user(Role.AUDITOR):
                continue
            elsewhere, absent = (asking(user, method, page, each) for each in (parts["elsewhere"], ABSENT))
            if elsewhere != absent or absent.cell not in ({"login"} if user is None else hidden):
                wrong.append(f"{method} {page} as {user}: {elsewhere.unlike(absent)}")
    assert not wrong, "\n".join(wrong)


def one_of_each(scene: Scene) -> list[User]:
    """One person of each column, each once."""
    return list({relation.people[0].pk: relation.people[0] for relation in scene.relations.values()}.values())


def test_child_that_a_visible_case_does_not_have_is_hidden(
    scene: Scene, asking: Asking, parts: dict[str, dict[str, Any]]
) -> None:
    for method in matrix.METHODS:
        answer = asking(scene.force.investigator, method, "complete-action", {**parts["at hand"], "number": 99})
        assert answer.cell == "hidden"
        answer = asking(scene.force.investigator, method, "log-case-draft", ABSENT)
        assert answer.cell == ("hidden" if method == "POST" else "no such method")
