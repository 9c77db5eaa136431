"""Where rows may be asked for past the table of who may, and how.

* `Case.unguarded`: in the table itself (cases/access.py), and as `model.unguarded` in the lock of operations. Nowhere else: whoever
  wants cases asks `Case.objects.visible_to`.
* Children of a case have no guarded manager; they are reached through a case that the reader reached. Within the guard of an operation
  they stand free (the case is locked and allowed by then). In queries and views each request for them begins with a filter that names
  what they hang on, which came from `visible_to`.
* A person's own rows (drafts, reminders) are asked for by their owner; in one place, crime reports that were never logged, by the
  people whom the reader supervises.
"""

import ast
from collections.abc import Iterator

from tests.house.sources import called, nodes, place

THE_TABLE = {"cases/access.py", "kit/access.py"}
THE_LOCK = {"kit/operations.py"}
# Run only inside an operation, under its lock; or as the worker, which no policy lets near a case.
WITHIN_THE_GUARD = ("cases/operations/", "cases/chronology.py", "cases/schedule.py", "rasso/demonstration/")
ANCHORED = (
    "cases/queries/",
    "cases/views/",
    "cases/home.py",
    "cases/workflow.py",
    "cases/action_moves.py",
    "cases/independence.py",
)
CHILDREN_HANG_ON = {"case", "case__in", "victim", "review", "content_object", "content_object__in"}
OWN_ROWS = {"Draft", "Reminder", "Message", "ImportRun", "ImportRow", "RememberedSearch"}
OF_SUPERVISED_PEOPLE = ("cases/queries/unfinished.py", "Draft")
# Messages say nothing of a case, and their policy shows them to the administrator alone.
OF_THE_ADMINISTRATOR = ("cases/queries/jobs.py", "Message")


def faults() -> Iterator[str]:
    anchored = {id(call.func.value): call for _, call in nodes(ast.Call) if is_filter(call)}  # type: ignore[attr-defined]
    for path, node in nodes(ast.Attribute):
        if node.attr not in {"unguarded", "_default_manager", "_base_manager"} or path in THE_TABLE | THE_LOCK:  # type: ignore[attr-defined]
            continue
        model = called(node.value)  # type: ignore[attr-defined]
        if model == "Case":
            yield f"{place(path, node)}: Case.unguarded stands outside the table of who may"
        elif path.startswith(WITHIN_THE_GUARD):
            continue
        elif not path.startswith(ANCHORED):
            yield f"{place(path, node)}: {model}.unguarded stands where nothing guards it"
        elif not is_anchored(path, model, anchored.get(id(node))):
            yield f"{place(path, node)}: {model}.unguarded is not asked for through what guards it"


def is_filter(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "filter"


def is_anchored(path: str, model: str, call: ast.Call | None) -> bool:
    named = {keyword.arg for keyword in call.keywords} if call else set()
    if (path, model) == OF_THE_ADMINISTRATOR:
        return True
    if (path, model) == OF_SUPERVISED_PEOPLE and "owner_id__in" in named:
        return True
    return "owner_id" in named if model in OWN_ROWS else bool(named & CHILDREN_HANG_ON)
