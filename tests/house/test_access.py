"""The locks cannot be walked around by writing code beside them."""

import ast
import inspect
import re
from types import ModuleType

from django.apps import apps

import cases.operations
from kit.classification import Classified
from tests.house import unguarded
from tests.house.sources import PACKAGES, called, nodes, place, product

GUARDS = {"operation", "operation_on_all", "creates", "held_by", "on_own_rows"}
# The worker's: it binds the system's own actor, which no policy lets near a case.
WORKERS = {"cases/operations/reminders.py"}


def test_rows_are_asked_for_past_the_table_only_where_something_else_guards_them() -> None:
    assert list(unguarded.faults()) == []


def test_statements_written_by_hand_stand_in_few_places() -> None:
    """They pass by the table of who may, so each list that needs one has its own tests of exactly what it holds."""
    allowed = {
        *(f"cases/queries/{module}.py" for module in ("queue_sql", "case_list", "facts", "search")),
        "cases/policies.py",
    }
    found = [
        place(path, node)
        for path, node in nodes(ast.Constant)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"(FROM|JOIN|UPDATE|INTO) cases_", node.value)
        and path not in allowed
    ]  # fmt: skip
    assert found == []


def test_every_public_operation_is_guarded() -> None:
    """Whoever calls it, a page, a task or a command, meets the same lock."""
    for name in cases.operations.__all__:
        made = getattr(cases.operations, name)
        assert inspect.isclass(made) or hasattr(made, "act"), name


def test_public_functions_that_take_an_actor_and_a_moment_are_the_guarded_ones() -> None:
    """The signature of an operation, wherever it is defined; what only operations call takes the moment last, without the actor."""
    open_ones = [
        place(path, node)
        for path, node in nodes(ast.FunctionDef)
        if path.startswith("cases/operations/") and path not in WORKERS and is_exported(node) and not decorators(node) & GUARDS
    ]
    assert open_ones == []


def is_exported(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name in cases.operations.__all__


def decorators(node: ast.AST) -> set[str]:
    assert isinstance(node, ast.FunctionDef)
    return {called(decorator) for decorator in node.decorator_list}


def test_views_call_only_public_operations() -> None:
    """A helper of an operation, called from a page, would act without the guard."""
    borrowed = [
        place(path, node)
        for path, node in nodes(ast.ImportFrom)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("cases.operations")
        and not path.startswith("cases/operations/")
        and any(is_function(node.module or "", alias.name) for alias in node.names)
        and path not in {"cases/tasks.py", "cases/management/commands/send_reminders.py"}
    ]
    assert borrowed == []


def is_function(module: str, name: str) -> bool:
    found = getattr(__import__(module, fromlist=[name]), name)
    return not isinstance(found, ModuleType) and inspect.isfunction(found) and name not in cases.operations.__all__


def test_history_is_read_in_one_place() -> None:
    """`Case.history` of the class answers for every case; on a row (`case.history`) it answers for that one."""
    allowed = {"cases/policies.py", "cases/queries/history.py", "cases/queries/as_at.py", "kit/history.py"}
    on_classes = [
        place(path, node)
        for path, node in nodes(ast.Attribute)
        if isinstance(node, ast.Attribute) and node.attr == "history" and path not in allowed and isinstance(node.value, ast.Name)
        and node.value.id[:1].isupper()
    ]  # fmt: skip
    assert on_classes == []
    named = [place(path, node) for path, node in nodes(ast.Name, ast.alias) if str(getattr(node, "id", getattr(node, "name", ""))).startswith("Historical") and path != "kit/history.py"]  # fmt: skip
    assert named == []


def test_nobody_asks_for_permissions_or_passes_as_superuser() -> None:
    """Roles and reaches decide; Django's permissions and flags do not exist for us."""
    words = {"has_perm", "has_perms", "is_superuser", "is_staff", "get_objects_for_user", "assign_perm", "permission_required"}
    found = [
        place(path, node)
        for path, node in nodes(ast.Attribute, ast.Name)
        if getattr(node, "attr", getattr(node, "id", "")) in words
    ]
    assert found == []


def test_every_model_of_ours_states_its_classification() -> None:
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in PACKAGES]
    assert ours
    for model in ours:
        assert issubclass(model, Classified), model.__name__
        assert model.classification is not None


def test_every_model_says_what_a_row_is_in_words_of_its_own() -> None:
    for model in apps.get_models():
        if model.__module__.split(".")[0] in PACKAGES and not hasattr(model, "history_object"):
            assert "__str__" in vars(model), model.__name__


def test_nothing_is_deleted_by_the_way() -> None:
    """A foreign key protects what it points to; nothing goes because something else went."""
    from django.db.models import PROTECT

    for model in apps.get_models():
        if model.__module__.split(".")[0] not in PACKAGES or hasattr(model, "history_object"):
            continue
        for field in model._meta.get_fields():
            remote = getattr(field, "remote_field", None)
            if getattr(field, "concrete", False) and remote is not None and field.name not in {"permission"}:
                assert remote.on_delete is PROTECT or model.__name__ == "CaseGrant", f"{model.__name__}.{field.name}"


def test_product_is_there_to_be_read() -> None:
    assert len(product()) > 60
