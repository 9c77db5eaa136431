"""Where somebody is signed in: their own sessions, each of which they can end; an administrator ends all of somebody's."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from people import operations, session
from people.session import end_sessions_of
from people.session_store import SessionStore
from people.views.account_page import AccountPage
from people.views.administration import AboutPerson


class Sessions(AccountPage):
    template_name = "account/sessions.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(sessions=session.sessions_of(self.user.pk, cast(SessionStore, request.session)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """``session`` names one; without it, all but the one at hand."""
        name = request.POST.get("session", "")
        if not name:
            end_sessions_of(self.user.pk, but=request.session.session_key)
            messages.success(request, "You are signed out everywhere else.")
        elif session.end_session(self.user.pk, name):
            messages.success(request, "You are signed out there.")
        else:
            messages.info(request, "That one had ended already.")
        return HttpResponseRedirect(request.path)


class EndSessions(AboutPerson):
    """Of somebody whose screen or telephone is in wrong hands."""

    operation = operations.end_sessions
    template_name = "people/end_sessions.html"
    form_class = forms.Form

    def act(self, form: Any) -> HttpResponse:
        operations.end_sessions(**self.whose())
        end_sessions_of(self.person.pk)
        return self.done("They are signed out everywhere.")


class ResetFactors(AboutPerson):
    """Of somebody who lost their passkeys or their telephone, and showed the administrator who they are."""

    operation = operations.reset_factors
    needs_step_up = True
    template_name = "people/reset_factors.html"
    form_class = forms.Form

    def act(self, form: Any) -> HttpResponse:
        operations.reset_factors(**self.whose())
        end_sessions_of(self.person.pk)
        return self.done("Their passkeys, code app and recovery codes are removed. They set up new ones when they next sign in.")
