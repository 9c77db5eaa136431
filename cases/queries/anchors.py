"""Where on the page “Why these dates” each due date is explained."""

from typing import Any


def review_anchor(key: Any) -> str:
    return f"review-{key}"


def limit_anchor(key: Any) -> str:
    return f"limit-{key}"


def action_anchor(number: int) -> str:
    return f"action-A{number}"


def bail_anchor(key: Any) -> str:
    return f"bail-{key}"
