"""Forms of every page: from elsewhere, with more than they ask, with answers given twice; and pages that are only looked at."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.access import matrix
from tests.access.asking import pages
from tests.security.walk import Sent, Walk
from tests.worlds import Force

pytestmark = pytest.mark.xdist_group("walk over the site")
# A browser sends a report of the policy by itself, without a token; it changes nothing.
WITHOUT_TOKEN = {"policy-report"}


def test_looking_changes_nothing(walk: Walk) -> None:
    """Every page that can be got, even where a header asks that it be taken for a form; the access record and sessions apart.

    Taken out: a view that saved a draft on GET; the row was named here (and refused by the role that GET is bound to)."""
    assert len(walk.got) >= 60
    assert walk.changed_by_getting == []


def test_forms_are_sent_and_many_do_what_they_say(walk: Walk) -> None:
    assert set(walk.as_is) == {page for page in pages() if matrix.expected(page, "POST")}
    assert len([page for page, sent in walk.as_is.items() if sent.changed]) >= 15
    assert not [str(sent.reply) for sent in walk.as_is.values() if sent.reply.status >= 500]


def test_form_without_its_token_is_refused_and_changes_nothing(walk: Walk) -> None:
    """CSRF. Taken out: CsrfViewMiddleware; every page was named here."""
    for page, sent in walk.without_token.items():
        if page in WITHOUT_TOKEN:
            assert sent.changed == []
        else:
            assert sent.reply.status == 403, page
            assert sent.changed == [], page


def test_no_form_takes_more_than_it_asks(walk: Walk) -> None:
    """Mass assignment: the name of every column of every table is sent along, and a word for another method."""
    assert len(walk.with_more) >= 25
    for page, sent in walk.with_more.items():
        assert sent.reply.status == walk.as_is[page].reply.status, page
        assert stored(sent) == stored(walk.as_is[page]), page


def test_answer_given_twice_is_the_last_one_everywhere(walk: Walk) -> None:
    """Parameter pollution: what is checked is what is stored, never one of two. Where several may be chosen, one that is no choice is
    refused, and nothing is stored."""
    for page, sent in walk.doubled.items():
        if sent.reply.status == 422:
            assert stored(sent) == [], page
        else:
            assert sent.reply.status == walk.as_is[page].reply.status, page
            assert stored(sent) == stored(walk.as_is[page]), page


def stored(sent: Sent) -> list[str]:
    """Without drafts, which are whatever their owner typed."""
    return [row for row in sent.changed if not row.startswith("cases_draft ")]


@pytest.mark.parametrize("guard", [True, False])
def test_without_the_guard_a_form_without_token_would_be_taken(settings: Settings, force: Force, guard: bool) -> None:
    if not guard:
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != "django.middleware.csrf.CsrfViewMiddleware"]
    client = Client(enforce_csrf_checks=True)
    assert client.post("/accounts/logout/").status_code == (403 if guard else 302)
