"""A page is printed from what its view has read: a statement sent while a template renders fails the test.

Such a statement is one for each row of a list sooner or later, and its rows pass no view that could count or record them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.template.backends.django import Template


class QueryWhileRendering(AssertionError):
    """Read it in the view, and hand it to the template."""


@contextmanager
def no_query_while_rendering() -> Iterator[None]:
    usual = Template.render

    def render(self: Template, *arguments: Any, **named: Any) -> Any:
        refused: list[str] = []

        def refuse(execute: Any, sql: str, *rest: Any) -> None:
            refused.append(sql)
            raise QueryWhileRendering(sql)

        with connection.execute_wrapper(refuse):
            page = usual(self, *arguments, **named)
        if refused:  # an "if" of several conditions swallows what is raised in it
            raise QueryWhileRendering(refused[0])
        return page

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", render)
        yield
