"""What stands around every page, and what each part of the product offers to the pages that put parts together."""

from typing import Any

from django.http import HttpRequest


def page_frame(request: HttpRequest) -> dict[str, Any]:
    return {}
