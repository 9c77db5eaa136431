"""What comes beside the password at the sign-in: a passkey instead of it, or a passkey or a code after it."""

from typing import Any, cast

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View

from kit.views import OpenTo
from people import account_events, second_factor, session
from people.account_events import What
from people.forms.second_factor import WRONG_CODE, CodeForm, PasskeyForm
from people.models import User
from people.second_factor import CODES, TooManyWrongCodes, factors_of


def wait_for(refused: TooManyWrongCodes) -> str:
    return f"Too many codes were wrong. Codes are looked at again after {timezone.localtime(refused.until):%H:%M}"


def judge_code(form: CodeForm, user: User, request: HttpRequest) -> Authenticator | None:
    """The factor that the form's code is from; the form says why where it is from none."""
    if not form.is_valid():
        return None
    try:
        found = second_factor.accept_code(user, form.cleaned_data["code"], session.now_for(request.session))
    except TooManyWrongCodes as refused:
        form.add_error("code", wait_for(refused))
        return None
    if found is None:
        form.add_error("code", WRONG_CODE)
    elif found.type == CODES:
        account_events.note(user.pk, What.CODE_USED)
    return found


def judge_passkey(form: PasskeyForm, user: User | None) -> Authenticator | None:
    if not form.is_valid():
        return None
    try:
        return second_factor.passkey_used(user, form.cleaned_data["credential"])
    except ValidationError as refused:
        form.add_error(None, refused)
        return None


@method_decorator(login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login"), name="dispatch")
class SecondStep(View):
    """The password was right. Nobody is signed in yet."""

    access = OpenTo()
    http_method_names = ("get", "head", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        stage: Any = request._login_stage  # type: ignore[attr-defined]
        form: CodeForm | PasskeyForm
        if "credential" in request.POST:
            form = PasskeyForm(request.POST)
            found = judge_passkey(form, self.person)
        else:
            form = CodeForm(request.POST)
            found = judge_code(form, self.person, request)
        if found is None:
            return self.page(form, status=422)
        post_authentication(request, found)
        answer: HttpResponse = stage.exit()
        return answer

    @property
    def person(self) -> User:
        return cast(User, self.request._login_stage.login.user)  # type: ignore[attr-defined]

    def page(self, form: CodeForm | PasskeyForm | None = None, *, status: int = 200) -> HttpResponse:
        factors = factors_of(self.person)
        context = {
            "form": form,
            "code_form": form if isinstance(form, CodeForm) else CodeForm(),
            "factors": factors,
            "options": second_factor.passkey_to_use(self.person) if factors.passkeys else None,
        }
        return render(self.request, "account/second_step.html", context, status=status)


class SignInWithPasskey(View):
    """Without a user name: the browser knows which passkeys it has for this site. GET sends the browser to the sign-in page."""

    access = OpenTo()
    http_method_names = ("get", "head", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("home" if request.user.is_authenticated else "account_login"))

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("home"))
        if "credential" not in request.POST:
            # The script asks what to ask the browser for.
            return HttpResponse(second_factor.passkey_to_use(None), content_type="application/json")
        form = PasskeyForm(request.POST)
        found = judge_passkey(form, None)
        if found is None:
            return render(request, "account/passkey_refused.html", {"form": form}, status=422)
        post_authentication(request, found, passwordless=True)
        # Where it leads is read from the form by allauth, which asks the adapter whether that is safe.
        answer: HttpResponse = perform_login(request, Login(user=found.user))
        return answer
