"""Middleware without domain words."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import get_callable

log = logging.getLogger(__name__)


class FromElsewhereMiddleware:
    """Refuse what another site makes a browser ask for. Only following a link from there is let through: that changes nothing.

    Browsers say in Sec-Fetch-* where a request comes from, and no page can write those. A form sent from elsewhere is refused even if it
    holds a token. Programs that say nothing are for the other guards.
    """

    SAME = {"same-origin", "none"}
    NOT_LINKS = {"embed", "object", "iframe", "frame"}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        said = request.headers
        if said.get("Sec-Fetch-Site", "none") in self.SAME:
            return None
        follows_a_link = (
            request.method in ("GET", "HEAD")
            and said.get("Sec-Fetch-Mode") == "navigate"
            and said.get("Sec-Fetch-Dest") not in self.NOT_LINKS
        )
        if follows_a_link:
            return None
        log.warning("kit.asked_from_elsewhere")
        refused: HttpResponse = get_callable(settings.CSRF_FAILURE_VIEW)(request, reason="from elsewhere")
        return refused


class AccessDeclaredMiddleware:
    """Refuse any view that nobody marked: a page written tomorrow is closed until somebody says for whom it is open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any) -> None:
        declared = getattr(getattr(view, "view_class", view), "access", None)
        if declared is None:
            name = getattr(view, "__qualname__", repr(view))
            raise ImproperlyConfigured(
                f"{name} does not declare who may open it. Make it a GuardedView, or mark it open_to_everyone."
            )


class PrivatePagesMiddleware:
    """Nothing that a signed-in person saw may stay in a cache, and signing out clears what the browser kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.endpoints = ", ".join(f'{name}="{address}"' for name, address in settings.REPORTING_ENDPOINTS.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Reporting-Endpoints", self.endpoints)
        return response
