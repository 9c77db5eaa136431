"""The shape of every list that is “my units' or given to me”, and stays fast at a million cases.

An OR of the two makes PostgreSQL walk the whole table in the order of the list. One LATERAL query per unit and one per case given
leave it no choice but the index of each branch; every row still passes the policy. (Measured: security_performance.md 1.8.)
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

# A list never counts further than this; the page then says "1,000+".
COUNT_CAP = 1000


def capped(number: int) -> str:
    """How a capped count is written."""
    return f"{COUNT_CAP:,}+" if number > COUNT_CAP else f"{number:,}"


def rows(sql: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def streamed(sql: str, parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The same, a few at a time: for lists that are exported whole."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        names: list[str] = []
        for row in cursor:
            names = names or [column.name for column in cursor.description or ()]
            yield dict(zip(names, row, strict=True))
