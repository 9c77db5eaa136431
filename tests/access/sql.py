"""Raw SQL in tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from tests.access.scene import savepoint


def ask(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def refused(words: str) -> Iterator[None]:
    """The database refuses what is inside with this message; the transaction goes on."""
    with pytest.raises(ProgrammingError, match=words), savepoint():
        yield
