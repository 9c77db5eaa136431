"""No address that somebody is lured into opening leads them elsewhere, or writes a header; and the site answers to its own name only.

Taken out: `url.startswith` and the host in AccountAdapter.is_safe_url; the check of the referring page in people.middleware.
"""

import re
from itertools import product
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from people.adapters import AccountAdapter
from tests.access.asking import pages
from tests.people.signing_in import SIGN_IN, sign_in, with_password
from tests.security.logged import logged
from tests.security.typed import Forms
from tests.worlds import Force

HOST = "testserver"
ELSEWHERE = "elsewhere.invalid"
STARTS = (
    "",
    "/",
    "//",
    "///",
    "////",
    "\\",
    "\\\\",
    "/\\",
    "\\/",
    "/\\/",
    "http:",
    "https:",
    "http:/",
    "https:/",
    "http://",
    "https://",
)
STARTS += (
    "https:\\\\",
    "hTTps://",
    "ftp://",
    "//\t",
    "/\t/",
    "\t//",
    "\n//",
    "/\r\n/",
    " //",
    "\x00//",
    "\u3000//",
    "/%09/",
    "/%2f",
    "%2f%2f",
)
STARTS += (
    "javascript://",
    "javascript:alert(1)//",
    "data:text/html,",
    "vbscript:",
    "//\u2044",
    "\uff0f\uff0f",
    "/.//",
    "/..//",
    "./\\/",
)
ENDS = (
    ELSEWHERE,
    f"{HOST}@{ELSEWHERE}",
    f"{ELSEWHERE}/{HOST}",
    f"{ELSEWHERE}#{HOST}",
    f"{ELSEWHERE}\\.{HOST}",
    f"{HOST}.{ELSEWHERE}",
)
ENDS += (f"{ELSEWHERE}:443", f"{ELSEWHERE}%00.{HOST}")
PAYLOADS = sorted({start + end for start, end in product(STARTS, ENDS)})
INJECTIONS = [
    f"/home/{line}Set-Cookie: x=1{line}{line}<b>"
    for line in ("\r\n", "\n", "\r", "%0d%0a", "%0a", "\u560d\u560a", "\u2028", "\x85")
]


def host_in_a_browser(location: str) -> str:
    """Where a browser goes: it drops tabs and line ends, takes a backslash for a slash, and does not count slashes."""
    cleaned = re.sub(r"[\t\r\n]", "", location.strip("\x00\x01\x02 \u3000")).replace("\\", "/")
    scheme = re.match(r"(?i)(https?|ftp):/*", cleaned)
    if scheme:
        cleaned = f"{scheme[1]}://{cleaned[scheme.end() :]}"
    elif re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", cleaned):
        return "a script"
    cleaned = re.sub(r"^/{2,}", "//", cleaned)
    return (urlsplit(urljoin(f"https://{HOST}/accounts/login/", cleaned)).hostname or "").lower()


def test_this_is_how_browsers_read_addresses() -> None:
    assert len(PAYLOADS) >= 300
    assert host_in_a_browser("/home/") == HOST
    for hostile in (
        "//elsewhere.invalid",
        "/\\elsewhere.invalid",
        "https:elsewhere.invalid",
        "/\t/elsewhere.invalid",
        "////elsewhere.invalid",
    ):
        assert host_in_a_browser(hostile) == ELSEWHERE
    assert host_in_a_browser("javascript:alert(1)") == "a script"


@pytest.fixture
def browser(force: Force) -> Client:
    with_password(force.investigator)
    client = Client()
    sign_in(client)
    return client


def test_no_payload_leads_elsewhere_after_signing_in(browser: Client) -> None:
    """Whoever is signed in already is sent on at once; the way past the form is tried in tests/people/test_sign_in.py."""
    for payload in (*PAYLOADS, *INJECTIONS):
        answer = browser.get(SIGN_IN, {"next": payload})
        assert answer.status_code == 302, payload
        assert host_in_a_browser(answer.headers["Location"]) == HOST, payload
        assert "x" not in answer.cookies, payload


def test_no_payload_leads_elsewhere_after_signing_out(db: None) -> None:
    client = Client()
    for payload in (*PAYLOADS, *INJECTIONS):
        answer = client.post("/accounts/logout/", {"next": payload})
        assert answer.status_code == 302, payload
        assert host_in_a_browser(answer.headers["Location"]) == HOST, payload


def test_form_of_the_sign_in_holds_no_address_of_elsewhere(force: Force) -> None:
    with_password(force.investigator)
    for payload in ("//elsewhere.invalid/", "/\\elsewhere.invalid", "https:elsewhere.invalid", *INJECTIONS[:3]):
        client = Client()
        page = client.get(SIGN_IN, {"next": payload})
        assert page.status_code == 200
        assert host_in_a_browser(sign_in(client, next=payload).headers["Location"]) == HOST


@pytest.mark.parametrize("payload", PAYLOADS[::9])
def test_no_referring_page_leads_elsewhere(client: Client, db: None, payload: str) -> None:
    """A form that is sent after the session ended comes back to the page that held it, if that is one of ours."""
    referer = f"http://{HOST}/{payload}".encode("latin-1", "ignore").decode("latin-1")
    if any(ord(letter) < 32 for letter in referer):
        return
    answer = client.post("/accounts/stay-signed-in/", headers={"Referer": referer})
    asked = parse_qs(urlsplit(answer.headers["Location"]).query).get("next", ["/"])[0]
    assert host_in_a_browser(asked) == HOST


def test_step_up_leads_back_to_pages_of_ours_only(browser: Client) -> None:
    page = reverse("confirm-who-you-are")
    for payload in PAYLOADS[::9]:
        answer = browser.post(page, {"next": payload, "password": "correct horse battery staple"})
        assert answer.status_code in (200, 302, 422), payload
        assert {host_in_a_browser(link) for link in Forms(answer.content.decode()).links} <= {HOST}, payload
        assert host_in_a_browser(answer.headers.get("Location", "/")) == HOST, payload


def test_places_that_take_next_are_these() -> None:
    """Another page that takes it comes into this list with a test of its own."""
    assert {name for name in pages() if name in ("account_login", "account_logout", "confirm-who-you-are")} == {
        "account_login",
        "account_logout",
        "confirm-who-you-are",
    }


def test_without_the_guard_payloads_would_lead_elsewhere(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AccountAdapter, "is_safe_url", lambda self, url: True)
    led = {
        host_in_a_browser(browser.get(SIGN_IN, {"next": one}).headers["Location"]) for one in ("//elsewhere.invalid/", "/home/")
    }
    assert led == {HOST, ELSEWHERE}


# The host ------------------------------------------------------------------------------------------------------------------

HOSTS = (
    "elsewhere.invalid",
    "testserver.elsewhere.invalid",
    "testserver@elsewhere.invalid",
    "elsewhere.invalid:443",
    "testserver,x",
    "",
    "[::]",
)


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_not_answered(client: Client, db: None, host: str) -> None:
    answer = client.get("/accounts/login/", headers={"Host": host})
    assert answer.status_code == 400
    assert "elsewhere" not in answer.content.decode()


def test_host_that_a_proxy_is_said_to_have_seen_counts_for_nothing(client: Client, db: None) -> None:
    said = {"X-Forwarded-Host": ELSEWHERE, "X-Host": ELSEWHERE, "Forwarded": f"host={ELSEWHERE}", "X-Original-URL": "/home/"}
    answer = client.get("/accounts/stay-signed-in/", headers=said)
    assert ELSEWHERE not in answer.headers["Location"]
    assert ELSEWHERE not in client.get("/accounts/login/", headers=said).content.decode()
    assert not getattr(settings, "USE_X_FORWARDED_HOST", False)
    assert not mail.outbox


def test_host_that_is_refused_writes_no_line_of_its_own(client: Client, db: None) -> None:
    with logged() as lines:
        client.get("/", headers={"Host": 'x\n{"level":"error"}'})
    assert "elsewhere" not in lines.text
    assert all(line.startswith("{") and line.endswith("}") for line in lines.text.splitlines())
