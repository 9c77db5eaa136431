"""What stands in the tables, to see that a refused act left nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection

from kit.classification import Classification
from tests.worlds import building


def operational_rows() -> dict[str, int]:
    """The number of rows of every operational table, those of the histories too."""
    models = (model for model in apps.get_models() if getattr(model, "classification", None) is Classification.OPERATIONAL)
    with building(), connection.cursor() as cursor:
        counts = {}
        for table in sorted(model._meta.db_table for model in models):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            (counts[table],) = cursor.fetchone()
    return counts


@contextmanager
def nothing_saved() -> Iterator[None]:
    before = operational_rows()
    yield
    assert operational_rows() == before
