"""What another site makes a browser send. Taken out: `FromElsewhereMiddleware` of the settings; every refusal here was then red."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from rasso import policy_reports
from tests.people.signing_in import SIGN_IN, is_signed_in, sign_in, with_password
from tests.security.logged import logged
from tests.worlds import Force

LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
BROWSER = Callable[..., Client]


def with_token() -> Client:
    """A browser that holds a token and sends it."""
    client = Client(enforce_csrf_checks=True)
    client.get(SIGN_IN)
    return client


@pytest.mark.parametrize("site", ["cross-site", "same-site", "unheard-of"])
def test_form_from_elsewhere_is_refused_even_with_a_token(force: Force, site: str) -> None:
    with_password(force.investigator)
    client = with_token()
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    headers = {"X-CSRFToken": token, "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
    assert sign_in(client, headers=headers).status_code == 403
    assert not is_signed_in(client)
    assert sign_in(client, headers={**headers, "Sec-Fetch-Site": "same-origin"}).status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 200),
        # An image, a script or a fetch; a frame, an object.
        ({"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, 403),
        ({"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 403),
        ({"Sec-Fetch-Dest": "iframe"}, 403),
        ({"Sec-Fetch-Dest": "object"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
    ],
)
def test_only_a_link_may_be_followed_from_elsewhere(as_user: BROWSER, force: Force, changed: dict[str, str], status: int) -> None:
    assert as_user(force.sergeant).get("/reviews/", headers={**LINK, **changed}).status_code == status


def test_browser_that_says_nothing_is_served(as_user: BROWSER, force: Force) -> None:
    assert as_user(force.sergeant).get("/reviews/").status_code == 200


# Reports of the policy -------------------------------------------------------------------------------------------------------

SEEN = "Zebedee Quillfeather"
NEWER = [
    {"type": "csp-violation", "url": f"https://h/?{SEEN}", "body": {"effectiveDirective": "script-src-elem", "sample": SEEN}}
]
OLDER = {"csp-report": {"effective-directive": "img-src", "blocked-uri": SEEN, "script-sample": SEEN}}


@pytest.fixture(autouse=True)
def allowance(monkeypatch: pytest.MonkeyPatch) -> policy_reports.Allowance:
    fresh = policy_reports.Allowance(policy_reports.LINES_AN_HOUR)
    monkeypatch.setattr(policy_reports, "allowance", fresh)
    return fresh


def report(body: bytes) -> int:
    client = Client(enforce_csrf_checks=True)
    return client.post("/policy-reports/", body, content_type="application/reports+json").status_code


@pytest.mark.parametrize(("said", "directive"), [(NEWER, "script-src-elem"), (OLDER, "img-src")])
def test_report_leaves_a_line_with_the_directive_alone(db: None, said: object, directive: str) -> None:
    with logged() as lines:
        assert report(json.dumps(said).encode()) == 204
    (line,) = lines.of("rasso.policy_kept_something_out")
    assert line["directive"] == directive
    assert "Zebedee" not in lines.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[[]]",
        b'{"csp-report": 1}',
        b'[{"body": {"effectiveDirective": 1}}]',
        b"[" * 15_000,
        b"\xff\xfe",
        b'"x"',
    ],
)
def test_nonsense_is_thanked_for_and_forgotten(db: None, body: bytes) -> None:
    with logged() as lines:
        assert report(body) == 204
    assert lines.of("rasso.policy_kept_something_out") == []


def test_made_up_directive_is_not_repeated(db: None) -> None:
    with logged() as lines:
        report(json.dumps({"csp-report": {"violated-directive": SEEN}}).encode())
    assert lines.of("rasso.policy_kept_something_out")[0]["directive"] == "other"


def test_flood_of_reports_leaves_few_lines(db: None, allowance: policy_reports.Allowance) -> None:
    with logged() as lines:
        assert report(b"x" * (policy_reports.MOST_BYTES + 1)) == 413
        for _ in range(10):
            report(json.dumps(NEWER * 100).encode()[: policy_reports.MOST_BYTES])
            report(json.dumps(NEWER * 50).encode())
    assert len(lines.of("rasso.policy_kept_something_out")) == policy_reports.LINES_AN_HOUR
    assert allowance.takes(allowance.until)
