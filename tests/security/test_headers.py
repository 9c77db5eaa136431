"""The headers that every answer carries, whatever it is: each page by each method, errors, files, downloads.

Each line was taken out of the settings or the middleware once and the crawl was red; `test_what_is_left_out_is_found` repeats that.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django.fixtures import Settings

from kit.views import open_to_everyone
from rasso.urls import urlpatterns as all_addresses
from tests.access.asking import pages
from tests.security.crawl import OTHER_METHODS, Reply
from tests.security.scoring import faults_of_policy, parsed, score
from tests.security.walk import HSTS, Walk
from tests.worlds import Force

pytestmark = pytest.mark.xdist_group("walk over the site")
LEAST = 120
EXACTLY = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
    "Reporting-Endpoints": 'policy="/policy-reports/"',
}
POLICY = {
    "default-src": ["'none'"],
    **{
        name: ["'self'"]
        for name in ("script-src", "style-src", "img-src", "font-src", "connect-src", "manifest-src", "form-action")
    },
    **{name: ["'none'"] for name in ("frame-ancestors", "base-uri", "object-src", "trusted-types")},
    "require-trusted-types-for": ["'script'"],
    "report-to": ["policy"],
    "report-uri": ["/policy-reports/"],
}
SWITCHED_OFF = {
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone"),
    *("midi", "payment", "usb"),
}
FEATURES = {
    "publickey-credentials-create=(self)",
    "publickey-credentials-get=(self)",
    *(f"{feature}=()" for feature in SWITCHED_OFF),
}
# What an answer may carry beside those; nothing that names a program or a version.
OTHERS = {"Content-Type", "Content-Length", "Content-Encoding", "Vary", "Location", "Allow", "Cache-Control", "Retry-After"}
OTHERS |= {"Content-Disposition", "Clear-Site-Data", "Session-Seconds", "Expires", "Last-Modified", "ETag"}


def faults(headers: dict[str, str], *, is_page: bool = True) -> list[str]:
    found = [f"{name}: {headers.get(name)}" for name, value in EXACTLY.items() if headers.get(name) != value]
    policy = parsed(headers.get("Content-Security-Policy", ""))
    if policy != POLICY:
        found.append(f"policy: {policy}")
    found += faults_of_policy(policy)
    if {feature.strip() for feature in headers.get("Permissions-Policy", "").split(",")} != FEATURES:
        found.append("Permissions-Policy")
    if is_page and "no-store" not in headers.get("Cache-Control", ""):
        found.append("may be kept in a cache")
    found += [
        f"unexpected {name}"
        for name in headers
        if name not in {*EXACTLY, *OTHERS, "Content-Security-Policy", "Permissions-Policy"}
    ]
    if score(headers) < LEAST:
        found.append(f"{score(headers)} points")
    return found


# Every page ----------------------------------------------------------------------------------------------------------


class SecureClient(Client):
    def generic(self, *args: Any, **more: Any) -> Any:
        return super().generic(*args, **{**more, "secure": True})


@pytest.fixture(scope="module")
def replies(walk: Walk) -> list[Reply]:
    return walk.replies


def test_every_kind_of_answer_is_among_them(replies: list[Reply]) -> None:
    assert {200, 204, 302, 403, 404, 405, 409, 422} <= {reply.status for reply in replies}
    assert {reply.page for reply in replies} == set(pages())
    assert any("Content-Disposition" in reply.headers for reply in replies)
    assert not [str(reply) for reply in replies if reply.status >= 500 and reply.page != "health-ready"]


def test_every_answer_of_every_page_is_closed(replies: list[Reply]) -> None:
    wrong = [f"{reply}: {', '.join(found)}" for reply in replies if (found := faults(reply.headers))]
    assert wrong == []


def test_every_answer_says_what_it_is(replies: list[Reply]) -> None:
    """With its letters where it is text; nosniff then holds browsers to it."""
    kinds = {reply.headers.get("Content-Type", "") for reply in replies if reply.body}
    assert kinds <= {"text/html; charset=utf-8", "application/json", "text/csv; charset=utf-8"}


def test_every_cookie_is_of_this_host_and_out_of_reach(replies: list[Reply]) -> None:
    """Names with __Host- are production's: test_cookies_of_production."""
    cookies = [morsel for reply in replies for morsel in reply.cookies.values()]
    assert {cookie.key for cookie in cookies} == {configured.SESSION_COOKIE_NAME, configured.CSRF_COOKIE_NAME}
    for cookie in cookies:
        assert cookie["httponly"] or cookie["max-age"] == 0, cookie
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", ""), cookie
        assert cookie["secure"] or cookie["max-age"] == 0, cookie
        assert len(cookie.OutputString()) < 4096


def test_no_other_method_is_answered(replies: list[Reply]) -> None:
    """TRACE would send back what a script may not read; a method that nobody knows does nothing."""
    # Pages of the library send whoever is signed in on before they look at the method.
    others = [one for one in replies if one.method in OTHER_METHODS and not (one.page.startswith("mfa_") and one.status == 302)]
    assert {reply.status for reply in others} <= {403, 404, 405}, [
        str(reply) for reply in others if reply.status not in (403, 404, 405)
    ]
    assert not [str(reply) for reply in others if reply.body and reply.status == 405]


def test_no_page_may_be_put_in_a_frame(replies: list[Reply]) -> None:
    """Clickjacking: neither by the older header nor by the newer, whatever the answer is."""
    for reply in replies:
        assert reply.headers["X-Frame-Options"] == "DENY"
        assert parsed(reply.headers["Content-Security-Policy"])["frame-ancestors"] == ["'none'"]


LEFT_OUT: dict[str, Callable[[Any], None]] = {
    "policy": lambda settings: setattr(settings, "CONTENT_SECURITY_POLICY", {"DIRECTIVES": {"default-src": ["'self'"]}}),
    "frames": lambda settings: setattr(settings, "X_FRAME_OPTIONS", "SAMEORIGIN"),
    "features": lambda settings: setattr(settings, "PERMISSIONS_POLICY", {}),
    "sniffing": lambda settings: setattr(settings, "SECURE_CONTENT_TYPE_NOSNIFF", False),
    "referrer": lambda settings: setattr(settings, "SECURE_REFERRER_POLICY", "unsafe-url"),
    "opener": lambda settings: setattr(settings, "SECURE_CROSS_ORIGIN_OPENER_POLICY", None),
    "transport": lambda settings: setattr(settings, "SECURE_HSTS_SECONDS", 0),
    "reports": lambda settings: setattr(settings, "REPORTING_ENDPOINTS", {}),
    "caches": lambda settings: settings.MIDDLEWARE.remove("kit.middleware.PrivatePagesMiddleware"),
}


@pytest.mark.parametrize("guard", [None, *LEFT_OUT])
def test_what_is_left_out_is_found(settings: Settings, guard: str | None) -> None:
    for name, value in HSTS.items():
        setattr(settings, name, value)
    settings.MIDDLEWARE = list(settings.MIDDLEWARE)
    if guard:
        LEFT_OUT[guard](settings)
    assert bool(faults(dict(SecureClient().get("/health/live").headers))) == bool(guard)


@pytest.mark.parametrize(
    "policy",
    [
        *("", "default-src 'self'", "default-src *", "script-src 'self'"),
        *(f"default-src 'none'; script-src {source}" for source in ("'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:")),
        "default-src 'none'; script-src 'self' https://cdn.invalid; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ],
)
def test_scorer_knows_a_worthless_policy(policy: str) -> None:
    assert faults_of_policy(parsed(policy))
    assert score({**EXACTLY, "Content-Security-Policy": policy}) < LEAST


# Answers that no page gives --------------------------------------------------------------------------------------------


@open_to_everyone
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("as this test wants")


@open_to_everyone
def missing(request: HttpRequest) -> HttpResponse:
    raise Http404("as this test wants")


urlpatterns = [path("broken/", broken), path("missing/", missing), *all_addresses]
handler400 = "rasso.views.bad_request"
handler500 = "rasso.views.server_error"


@pytest.fixture
def secure(settings: Settings, db: None) -> Client:
    for name, value in HSTS.items():
        setattr(settings, name, value)
    settings.ROOT_URLCONF = __name__
    return SecureClient(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/nowhere/", {}, 404),
        ("/missing/", {}, 404),
        ("/broken/", {}, 500),
        ("/home", {}, 301),
        ("/", {"Host": "elsewhere.invalid"}, 400),
        ("/static/nowhere.css", {}, 404),
        ("/home/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
    ],
)
def test_answers_of_the_frame_are_closed(secure: Client, address: str, headers: dict[str, str], status: int) -> None:
    answer = secure.get(address, headers=headers)
    assert answer.status_code == status
    assert faults(dict(answer.headers)) == []


def test_form_without_token_is_answered_closed(settings: Settings, secure: Client) -> None:
    secure.handler.enforce_csrf_checks = True
    answer = secure.post("/accounts/login/")
    assert answer.status_code == 403
    assert faults(dict(answer.headers)) == []


def test_lock_out_is_answered_closed(secure: Client) -> None:
    for _ in range(5):
        answer = secure.post("/accounts/login/", {"login": "somebody", "password": "wrong"})
    assert answer.status_code == 429
    assert faults(dict(answer.headers)) == []


def test_static_file(settings: Settings, secure: Client, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "sheet.css").write_text("body {}")
    answer = secure.get("/static/sheet.css")
    assert b"".join(answer) == b"body {}"
    assert (
        faults({key: value for key, value in answer.headers.items() if key != "Access-Control-Allow-Origin"}, is_page=False) == []
    )
    assert "no-store" not in answer.headers["Cache-Control"]


def test_https_is_asked_for_and_remembered(settings: Settings, db: None) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^health/"]
    client = Client()
    assert client.get("/accounts/login/").headers["Location"] == "https://testserver/accounts/login/"
    assert client.get("/health/live").status_code == 200


# Cookies -----------------------------------------------------------------------------------------------------------------


def test_cookies_of_production(settings: Settings, client: Client, force: Force) -> None:
    """Names and flags as in production (tests/house/test_settings.py); what browsers ask of a __Host- cookie."""
    settings.CSRF_COOKIE_NAME = "__Host-csrf"
    settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME = "__Host-session"
    settings.SESSION_COOKIE_SECURE = True
    force.investigator.set_password("correct horse battery staple")
    force.investigator.save_password()
    form = client.get("/accounts/login/", secure=True)
    signed_in = client.post(
        "/accounts/login/", {"login": "investigator", "password": "correct horse battery staple"}, secure=True
    )
    for cookie in (form.cookies["__Host-csrf"], signed_in.cookies["__Host-session"]):
        assert cookie["secure"]
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    # Gone when the browser is closed.
    assert not signed_in.cookies["__Host-session"]["max-age"]
    signed_out = client.post("/accounts/logout/", secure=True)
    assert signed_out.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    for name in ("__Host-csrf", "__Host-session"):
        assert signed_out.cookies[name]["secure"]
        assert signed_out.cookies[name]["max-age"] == 0
