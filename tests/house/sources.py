"""The product's own code, read as syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("kit", "people", "cases", "information", "audit", "rasso")


@cache
def product() -> dict[str, ast.Module]:
    """Path from the root -> tree, of every module that is shipped; migrations are made by machine."""
    paths = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts)
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for path, tree in product().items():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                yield path, node


def place(path: str, node: ast.AST) -> str:
    return f"{path}:{getattr(node, 'lineno', 0)}"


def called(node: ast.AST) -> str:
    """The last name of what is called: `a.b.c(...)` -> "c"."""
    function = node.func if isinstance(node, ast.Call) else node
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
