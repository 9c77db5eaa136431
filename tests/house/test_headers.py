"""The headers that every answer carries, whatever it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from pytest_django.fixtures import Settings

from kit.views import open_to_everyone
from rasso.urls import urlpatterns as all_addresses
from tests.worlds import Force

ON_EVERY_ANSWER = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
}
SWITCHED_OFF = ("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "microphone", "payment", "usb")


def names_without_arguments() -> list[str]:
    return sorted({pattern.name for pattern in patterns(get_resolver()) if pattern.name and not pattern.pattern.regex.groups})


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def assert_closed(answer: HttpResponse | StreamingHttpResponse, *, is_page: bool = True) -> None:
    for header, value in ON_EVERY_ANSWER.items():
        assert answer.headers[header] == value
    assert {directive.strip() for directive in answer.headers["Content-Security-Policy"].split(";")} == POLICY
    features = {feature.strip() for feature in answer.headers["Permissions-Policy"].split(",")}
    assert {f"{feature}=()" for feature in SWITCHED_OFF} <= features
    if is_page:
        assert "no-store" in answer.headers["Cache-Control"]


def test_there_are_addresses_to_look_at() -> None:
    assert {"start", "health-live", "health-ready", "account_login", "no-role"} <= set(names_without_arguments())


@pytest.mark.parametrize("name", names_without_arguments())
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_without_arguments(client: Client, force: Force, name: str, method: str) -> None:
    assert_closed(getattr(client, method)(reverse(name)))
    client.force_login(force.investigator)
    assert_closed(getattr(client, method)(reverse(name)))


def test_page_that_does_not_exist(client: Client, db: None) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert_closed(answer)


def test_form_from_elsewhere(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/")
    assert answer.status_code == 403
    assert_closed(answer)


def test_unknown_host(client: Client) -> None:
    answer = client.get("/", headers={"Host": "elsewhere.invalid"})
    assert answer.status_code == 400
    assert_closed(answer)


@open_to_everyone
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("as this test wants")


urlpatterns = [path("broken/", broken), *all_addresses]


def test_page_that_breaks(settings: Settings, db: None) -> None:
    settings.ROOT_URLCONF = __name__
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    assert_closed(answer)


def test_static_file(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "sheet.css").write_text("body {}")
    answer = Client().get("/static/sheet.css")
    assert b"".join(answer) == b"body {}"
    assert_closed(answer, is_page=False)
    assert "no-store" not in answer.headers["Cache-Control"]


def test_https_is_asked_for_and_remembered(settings: Settings, db: None) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^health/"]
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    client = Client()
    redirect = client.get("/accounts/login/")
    assert redirect.headers["Location"] == "https://testserver/accounts/login/"
    assert_closed(redirect)
    page = client.get("/accounts/login/", secure=True)
    assert page.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    assert client.get("/health/live").status_code == 200


def test_cookies_of_production(settings: Settings, client: Client, force: Force) -> None:
    """Names and flags as in production (tests/house/test_settings.py); what browsers ask of a __Host- cookie."""
    settings.CSRF_COOKIE_NAME = "__Host-csrf"
    settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME = "__Host-session"
    settings.SESSION_COOKIE_SECURE = True
    force.investigator.set_password("correct horse battery staple")
    force.investigator.save(update_fields=["password"])
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
    for name in ("__Host-csrf", "__Host-session"):
        assert signed_out.cookies[name]["secure"]
        assert signed_out.cookies[name]["max-age"] == 0
