"""What templates say in one word: `{% load govuk %}`. docs/pages.md shows each of them in use."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django import template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kit import dates, wording

register = template.Library()


class Problem(NamedTuple):
    """A line of the error summary."""

    text: str
    link: str = ""


# Errors --------------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def error_summary(context: Context, *forms_and_formsets: Any, reasons: Iterable[str] = ()) -> SafeString:
    """Without arguments: of the context's form, formset and reasons."""
    sources = forms_and_formsets or (context.get("form"), context.get("formset"))
    all_reasons = [*reasons, *(context.get("reasons") or () if not forms_and_formsets else ())]
    problems = [Problem(str(reason)) for reason in all_reasons]
    for source in sources:
        problems += problems_of(source)
    return render_to_string("govuk/error_summary.html", {"problems": problems})


def problems_of(source: Any) -> list[Problem]:
    """Every error of a form or formset, in the order of the page."""
    if not source or not getattr(source, "is_bound", False):
        return []
    if hasattr(source, "forms"):
        own = [Problem(str(error), _first_link(source.forms)) for error in source.non_form_errors()]
        return own + [problem for form in source.forms for problem in problems_of(form)]
    own = [Problem(str(error), _first_link([source])) for error in source.non_field_errors()]
    for field in source:
        link = _first_link([source]) if field.is_hidden else field.first_control_id
        own += [Problem(str(error), link) for error in field.errors]
    return own


def _first_link(forms: Iterable[Any]) -> str:
    visible = (field for form in forms for field in form.visible_fields())
    first = next(visible, None)
    return first.first_control_id if first else ""


@register.simple_tag
def field(bound_field: BoundField, size: str = "s", is_heading: bool = False) -> SafeString:
    """One question; with is_heading it is the h1 of the page."""
    return bound_field.render(context={"field": bound_field, "size": size, "is_heading": is_heading})


# Dates ---------------------------------------------------------------------------------------------------------------


@register.filter
def day(when: date | None) -> str:
    return dates.day(_local_date(when)) if when else ""


@register.filter
def day_and_time(when: datetime | None) -> str:
    return dates.day_and_time(_local(when)) if when else ""


@register.filter
def ago(when: date | None, today: date) -> str:
    return dates.ago(_local_date(when), today) if when else ""


@register.filter
def due(when: date | None, today: date) -> str:
    return dates.due(_local_date(when), today) if when else ""


@register.filter
def weekday(when: date | None, today: date) -> str:
    return dates.weekday_and_day(_local_date(when), today) if when else ""


@register.filter
def in_sentence(label: str) -> str:
    return wording.in_sentence(label)


@register.filter
def before(text: str, mark: str) -> str:
    return wording.before(text, mark)


@register.filter
def urgency(what: Any) -> SafeString | str:
    """The one computed word with its date; takes anything that has word and css."""
    if not what:
        return ""
    return format_html('<span class="rasso-urgency {}">{}</span>', what.css, what.word)


def _local(when: datetime) -> datetime:
    return timezone.localtime(when) if timezone.is_aware(when) else when


def _local_date(when: date) -> date:
    return _local(when).date() if isinstance(when, datetime) else when


# Small components ----------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def reader_name(context: Context) -> str:
    """Who is signed in, as the page and the paper say it."""
    return str(context.get("signed_in_as") or context["user"])


@register.simple_tag
def tag(text: str, colour: str = "") -> SafeString:
    css = f"govuk-tag govuk-tag--{colour}" if colour else "govuk-tag"
    return format_html('<strong class="{}">{}</strong>', css, text)


@register.simple_tag
def button(text: str, href: str = "", kind: str = "", name: str = "", value: str = "") -> SafeString:
    """A link that looks like a button if there is an address, else a submit button."""
    context = {"text": text, "href": href, "kind": kind, "name": name, "value": value}
    return render_to_string("govuk/button.html", context)


@register.simple_block_tag(end_name="endbuttons")
def buttons(content: SafeString) -> SafeString:
    return format_html('<div class="govuk-button-group">{}</div>', content)


@register.simple_block_tag(end_name="enddetails")
def details(content: SafeString, summary: str, is_open: bool = False) -> SafeString:
    return render_to_string("govuk/details.html", {"content": content, "summary": summary, "is_open": is_open})


@register.simple_block_tag(end_name="endinset")
def inset(content: SafeString) -> SafeString:
    return format_html('<div class="govuk-inset-text">{}</div>', content)


@register.simple_block_tag(end_name="endwarning")
def warning(content: SafeString) -> SafeString:
    return render_to_string("govuk/warning_text.html", {"content": content})


@register.simple_block_tag(end_name="endcard")
def card(content: SafeString, title: str, url: str = "", action: str = "") -> SafeString:
    """A summary card round a summary list or any other content."""
    return render_to_string("govuk/summary_card.html", {"content": content, "title": title, "url": url, "action": action})


@register.simple_block_tag(end_name="endwidetable")
def widetable(content: SafeString, label: str) -> SafeString:
    """Round a table that may be too wide: it scrolls on its own, also by keyboard."""
    return format_html('<div class="rasso-wide-table" role="region" aria-label="{}" tabindex="0">{}</div>', label, content)
