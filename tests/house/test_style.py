"""What is agreed about the code and cannot be told by a linter."""

import ast

import pytest

from tests.house.sources import ROOT, called, nodes, place, product

# Imports inside a function, each for a reason that its place says.
LATE_IMPORTS = {"rasso/apps.py"}
# Programs that talk to whoever started them.
MAY_PRINT = ("kit/devservers/", "rasso/demo.py", "rasso/assets.py")
BANNED_CALLS = {"mark_safe": "text is escaped by the template", "eval": "", "exec": "", "breakpoint": "", "print": "log instead"}
SIGNALS = {"receiver", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "Signal"}


@pytest.mark.parametrize("name", BANNED_CALLS)
def test_is_not_called(name: str) -> None:
    found = [place(path, node) for path, node in nodes(ast.Call) if isinstance(node, ast.Call) and is_named(node.func, name)]
    found = [one for one in found if not (name == "print" and one.startswith(MAY_PRINT))]
    assert found == []


def is_named(function: ast.expr, name: str) -> bool:
    return called(function) == name and (isinstance(function, ast.Name) or name == "mark_safe")


def test_no_signals() -> None:
    """An act does what its function says; nothing else happens elsewhere because of it."""
    found = [
        place(path, node)
        for path, node in nodes(ast.alias, ast.Name)
        if getattr(node, "name", getattr(node, "id", "")) in SIGNALS
        and path != "rasso/celery.py"
        # There a signal is something that stands out in the record.
        and not path.startswith("audit/")
    ]
    assert found == []


def test_no_model_changes_what_saving_means() -> None:
    found = [
        f"{place(path, method)}: {node.name}.{method.name}"
        for path, node in nodes(ast.ClassDef)
        if isinstance(node, ast.ClassDef) and "/models" in path
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete", "clean", "full_clean", "__init__"}
    ]
    assert found == []


def test_imports_stand_at_the_top() -> None:
    found = [
        place(path, node)
        for path, function in nodes(ast.FunctionDef)
        if path not in LATE_IMPORTS
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert found == []


# Turn a moment into the clock of the force; what they return may be asked for its day.
IN_LOCAL_TIME = {"localtime", "astimezone", "make_aware"}


@pytest.mark.parametrize(
    ("line", "is_utc"),
    [
        ("a.given_at.date()", True),
        ("given_at.date()", True),
        ("now.date()", True),
        ("(now + BAIL_FOR).date()", True),
        ("(self.given_at - LATER).date()", True),
        ("now.astimezone(zone).date()", False),
        ("localtime(a.given_at).date()", False),
        ("happened.date()", False),
        ("localdate(a.given_at)", False),
    ],
)
def test_day_of_a_moment_is_told_from_a_local_one(line: str, is_utc: bool) -> None:
    (call,) = [node for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Expr)]
    assert is_day_in_utc(call.value) is is_utc


def test_the_day_of_a_moment_is_the_local_one() -> None:
    """A moment comes from the database in UTC, where half past midnight in summer is still the day before: use localdate()."""
    found = [place(path, node) for path, node in nodes(ast.Call) if path.startswith(("cases/", "rasso/")) and is_day_in_utc(node)]
    assert found == []


def is_day_in_utc(node: ast.AST) -> bool:
    """Whether it asks a moment (`..._at`, `now`, `moment`) for its date, without the zone of the force."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "date" and not node.args):
        return False
    parts = list(ast.walk(node.func.value))
    names = [getattr(part, "attr", getattr(part, "id", "")) for part in parts if isinstance(part, ast.Attribute | ast.Name)]
    is_moment = any(name.endswith("_at") or name in {"now", "moment"} for name in names)
    return is_moment and not any(isinstance(part, ast.Call) and called(part) in IN_LOCAL_TIME for part in parts)


def test_no_module_is_named_after_nothing() -> None:
    vague = {"utils", "helpers", "misc", "common", "tools"}
    assert [path for path in product() if set(path.removesuffix(".py").split("/")) & vague] == []


def test_modules_and_functions_are_short() -> None:
    long = [path for path in product() if len((ROOT / path).read_text(encoding="utf-8").splitlines()) > 420]
    assert long == []
    screens = [
        f"{place(path, node)}: {node.name} has {(node.end_lineno or 0) - node.lineno + 1} lines"
        for path, node in nodes(ast.FunctionDef)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 60
    ]
    assert screens == []


def test_modules_say_what_they_are() -> None:
    """A command says it in its help; a module of one class may say it there."""
    silent = [
        path
        for path, tree in product().items()
        if tree.body
        and ast.get_docstring(tree) is None
        and "/management/" not in path
        and sum(isinstance(n, ast.ClassDef) for n in tree.body) != 1
    ]
    assert silent == []


def test_nothing_is_left_to_do_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")
    found = [path for path in product() for mark in marks if mark in (ROOT / path).read_text(encoding="utf-8")]
    assert found == []


def test_every_template_is_used() -> None:
    """By a view, by another template, or by the names that Django and allauth look for; a component, by the style sheet at least."""
    looked_for = {"403.html", "404.html", "409.html", "500.html", "account/login.html", "account/logout.html"}
    style_sheet = ROOT.glob("tests/frontend/templates/*.html")
    readers = [*ROOT.glob("templates/**/*.html"), *style_sheet, *(ROOT / path for path in product())]
    words = "\n".join(path.read_text(encoding="utf-8") for path in readers)
    templates = {str(path.relative_to(ROOT / "templates")) for path in ROOT.glob("templates/**/*.html")}
    unused = {name for name in templates - looked_for if f'"{name}"' not in words and f"'{name}'" not in words}
    assert unused == set()
