"""What templates ask of the frame of a page."""

from typing import Any

from django import template
from django.template import Context

from rasso import pages

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[dict[str, Any]]:
    """The navigation of whoever reads this page; empty where nobody is bound."""
    actor = context.get("actor")
    return pages.navigation(actor, context["request"].path) if actor is not None else []
