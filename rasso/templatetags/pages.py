"""What templates ask of the frame of a page."""

from typing import Any

from django import template
from django.template import Context

from rasso import pages

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[dict[str, Any]]:
    """The navigation of whoever reads this page; where nobody is bound, what the page itself gives."""
    actor = context.get("actor")
    if actor is None:
        return list(context.get("navigation") or [])
    return pages.navigation(actor, context["request"].path)


@register.simple_tag(takes_context=True)
def case_parts(context: Context) -> list[dict[str, Any]]:
    """The navigation inside the case whose bar stands above the page; none where the page is of no case."""
    if "request" not in context or "case" not in context:
        return []
    return pages.case_parts(context["bar"]["reference"], context["request"].path)
