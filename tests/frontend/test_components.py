"""The tags, filters and includes of rasso/templatetags/govuk.py and templates/."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from kit import dates
from tests.frontend.conftest import render

TODAY = date(2026, 11, 24)


def shown(template: str, **context: Any) -> str:
    return " ".join(render("{% load govuk %}" + template, context).split())


@pytest.mark.parametrize(
    ("template", "value", "words"),
    [
        ("{{ value|day }}", date(2026, 11, 22), "22 November 2026"),
        ("{{ value|day }}", datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026"),
        ("{{ value|day }}", None, ""),
        ("{{ value|day_and_time }}", datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026 at 00:30"),
        ("{{ value|day_and_time }}", None, ""),
        ("{{ value|ago:today }}", date(2026, 11, 12), "12 November (12 days ago)"),
        ("{{ value|ago:today }}", datetime(2026, 11, 23, 12, tzinfo=UTC), "23 November (yesterday)"),
        ("{{ value|ago:today }}", None, ""),
        ("{{ value|due:today }}", date(2026, 11, 27), "Due Friday 27 November, 3 days"),
        ("{{ value|due:today }}", None, ""),
        ("{{ value|urgency }}", dates.DONE, '<span class="rasso-urgency rasso-urgency--done">Done</span>'),
        ("{{ value|urgency }}", None, ""),
        ("{{ value|urgency }}", SimpleNamespace(word="<b>", css="x"), '<span class="rasso-urgency x">&lt;b&gt;</span>'),
    ],
)
def test_filters(template: str, value: Any, words: str) -> None:
    assert shown(template, value=value, today=TODAY) == words


@pytest.mark.parametrize(
    "template",
    [
        "{% tag value %}",
        "{% button value %}",
        '{% button "x" href=value %}',
        '{% button "x" name="n" value=value %}',
        "{% details summary=value %}{{ value }}{% enddetails %}",
        "{% inset %}{{ value }}{% endinset %}",
        "{% warning %}{{ value }}{% endwarning %}",
        '{% card title=value url=value action="Change" %}{{ value }}{% endcard %}',
        "{% widetable label=value %}{{ value }}{% endwidetable %}",
        "{% buttons %}{{ value }}{% endbuttons %}",
        '{% include "govuk/empty_state.html" with text=value url=value action=value %}',
        '{% include "govuk/pagination.html" with next_url=value first_url=value %}',
        '{% include "govuk/back_link.html" with url=value text=value %}',
    ],
)
def test_everything_from_outside_is_escaped(template: str) -> None:
    html = shown(template, value='"><script>')
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_what_a_block_tag_holds_is_kept_as_markup() -> None:
    assert "<p>Three</p>" in shown('{% details summary="Who" %}<p>Three</p>{% enddetails %}')
    assert "<p>Three</p>" in shown('{% card title="Who" %}<p>Three</p>{% endcard %}')


def test_a_button_without_address_sends_the_form() -> None:
    assert shown('{% button "Log this case" name="step" value="check" %}') == (
        '<button type="submit" class="govuk-button" data-module="govuk-button" data-prevent-double-click="true" '
        'name="step" value="check">Log this case</button>'
    )


def test_paging_shows_only_what_there_is() -> None:
    include = '{% include "govuk/pagination.html" %}'
    assert shown(include, next_url="", first_url="") == ""
    assert "Back to the first page" not in shown(include, next_url="?after=1", first_url="")
    assert "Next page" not in shown(include, next_url="", first_url="?")


def test_a_summary_list_offers_change_only_where_something_can_be_changed() -> None:
    rows = [{"key": "Unit", "value": "A\nB", "url": ""}, {"key": "Officer", "value": "DC", "url": "/x"}]
    html = shown('{% include "govuk/summary_list.html" %}', rows=rows)
    assert html.count("Change") == 1
    assert 'Change<span class="govuk-visually-hidden"> Officer</span>' in html
    assert "A<br>B" in html


def test_the_current_page_is_marked_in_the_navigation() -> None:
    frame = '{% extends "base.html" %}'
    items = [
        SimpleNamespace(label="Cases", url="/cases/", is_current=True),
        SimpleNamespace(label="Reviews", url="/r/", is_current=False),
    ]
    html = " ".join(render(frame, {"navigation": items}).split())
    assert html.count('aria-current="true"') == 1
    assert html.index('aria-current="true"') < html.index("Reviews")


def test_nobody_is_signed_in_on_a_public_page() -> None:
    html = render('{% extends "base.html" %}', {})
    assert "Sign out" not in html
    assert "Demonstration" not in html
    assert "session-notice" not in html
    assert "OFFICIAL-SENSITIVE" in html


@pytest.mark.parametrize("page", ["403", "404", "409", "500"])
def test_error_pages_need_nothing(page: str) -> None:
    html = render(f'{{% include "{page}.html" %}}', {})
    assert "<h1" in html
    assert "There is a problem" not in html


def test_error_pages_say_what_they_are_given() -> None:
    assert "Only the sergeant can." in render('{% include "403.html" %}', {"reason": "Only the sergeant can."})
    assert render('{% include "409.html" %}', {"reasons": ["Tell V1.", "Ask her."]}).count("Tell V1.") == 1
    assert "a1b2" in render('{% include "500.html" %}', {"reference": "a1b2"})
