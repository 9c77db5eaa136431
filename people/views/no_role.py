"""The page for somebody who may sign in and has nothing to do here yet."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kit.views import GuardedView, OpenTo


class NoRole(GuardedView):
    access = OpenTo()
    template_name = "people/no_role.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(settings.LOGIN_REDIRECT_URL) if self.actor.roles else self.render({})
