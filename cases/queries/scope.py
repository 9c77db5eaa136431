"""The shape of every list that is “my units' or given to me”, and stays fast at a million cases.

An OR of the two makes PostgreSQL walk the whole table in the order of the list. One LATERAL query per unit and one per case given
leave it no choice but the index of each branch; every row still passes the policy. Whoever supervises so many units that asking in each
would take longer than walking past the rows of others is answered from one index of all, in the order of the list.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

from kit.access import Actor

# A list never counts further than this; the page then says "1,000+".
COUNT_CAP = 1000
# From here on one index of all is walked instead of one for each unit. (ADR 6.)
MANY_UNITS = 40

# Officers to filter by; no further than a list that somebody would still read.
MOST_OFFICERS = 300
OFFICERS = f"""(SELECT coalesce(json_agg(json_build_array(o.id, trim(concat_ws(' ', o.rank, o.given_name, o.family_name)))
    ORDER BY o.family_name, o.given_name, o.id), '[]')
  FROM (SELECT u.* FROM people_user u WHERE u.is_active AND u.id IN (SELECT r.user_id FROM people_roleassignment r WHERE r.role = 'INVESTIGATOR'
    AND r.starts_on <= %(today)s AND (r.ends_on IS NULL OR r.ends_on >= %(today)s)) LIMIT {MOST_OFFICERS + 1}) o) AS officers"""


def capped(number: int) -> str:
    """How a capped count is written."""
    return f"{COUNT_CAP:,}+" if number > COUNT_CAP else f"{number:,}"


def supervises_many(actor: Actor) -> bool:
    return len(actor.supervised_unit_ids) > MANY_UNITS


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


def officers_to_choose(known: list[list[Any]], found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """In a force with more of them than a list could hold, those whose cases stand on this page."""
    if len(known) <= MOST_OFFICERS:
        return [(str(key), called) for key, called in known]
    return sorted({(str(row["officer_id"]), row["officer"]) for row in found if row["officer_id"]}, key=lambda one: one[1])
