"""A database of its own for each part of the benchmark."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from tests import databases
from tests.conftest import connection_settings


@contextmanager
def database(what: str) -> Iterator[str]:
    """An empty force's database, to which Django is connected meanwhile; its administrator's address."""
    name = f"bench_{what}_{os.getpid()}"
    databases.copy_of(databases.template(), name)
    try:
        use(name)
        yield databases.admin_url(name)
    finally:
        connections["default"].close()
        databases.drop(name)


def use(name: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict.update(connection_settings(databases.admin_url(name)))
