"""What pages about somebody's own account share. They read tables of the sign-in, outside any bound transaction."""

from typing import Any, ClassVar, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from kit import step_up
from kit.binding import bound_to
from kit.records import Kind, record
from kit.views import OpenTo
from people import account_events
from people.models import AccountEvent, User


class AccountPage(View):
    access = OpenTo()
    http_method_names = ("get", "head", "post")
    needs_step_up: ClassVar[bool] = False
    template_name: ClassVar[str] = ""

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.needs_step_up and not step_up.is_proved(request):
            return HttpResponseRedirect(step_up.address(request.path))
        return super().dispatch(request, *args, **kwargs)

    def page(self, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, self.template_name, context, status=status)

    def changed(self, what: AccountEvent.What) -> None:
        """Record it, and tell their other sessions; this one tells them itself."""
        with bound_to(self.user.pk, self.user.kind, may_write=False):
            record(Kind.CHANGED, what.lower())
        account_events.note(self.user.pk, what)
        account_events.told(self.request.session, self.user.pk)

    def done(self, sentence: str, page: str = "security") -> HttpResponse:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(reverse(page))
