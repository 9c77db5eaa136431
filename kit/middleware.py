"""Middleware without domain words."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse


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

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
