"""Pages of the whole site: start, health, errors."""

from collections.abc import Callable

import psycopg
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kit import origin
from kit.views import open_to_everyone
from rasso import checks
from rasso.policy_reports import take


@open_to_everyone
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this is, and the way in."""
    return render(request, "rasso/start.html")


@open_to_everyone
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; touches nothing else."""
    return JsonResponse({"status": "ok"})


@open_to_everyone
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, soon, and is one that this process may serve. No versions, no host names.

    A clock that has stopped, or a record that nobody seals, makes it “degraded” and no more: it is for people to mend, and a site that is taken away because nobody is
    reminded would only make matters worse (docs/adr/0014).
    """
    if not database_is_fit():
        return JsonResponse({"status": "unavailable"}, status=503)
    late = {
        **({"reminders": "late"} if is_so_or_unknown(checks.reminders_are_silent) else {}),
        **({"seals": "late"} if is_so_or_unknown(checks.sealing_is_late) else {}),
    }
    return JsonResponse({"status": "degraded", **late} if late else {"status": "ok"})


def is_so_or_unknown(asked: Callable[[], bool]) -> bool:
    try:
        return asked()
    except psycopg.Error:
        return True


def database_is_fit() -> bool:
    try:
        problems = checks.problems_of_database(checks.WHILE_SERVING)
    except psycopg.Error:
        return False
    return not (settings.PRODUCTION and problems)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = "This form was open for too long or came from elsewhere. Go back, load the page again and send it once more."
    return render(request, "403.html", {"reason": sentence}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that no browser of ours sends. Like the page of an error it asks nothing of the rest of the site."""
    return HttpResponse(render_to_string("400.html"), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """What went wrong stands in the log alone, under the number that this page names."""
    return HttpResponse(render_to_string("500.html", {"reference": origin.current().request_id}), status=500)


@csrf_exempt  # A browser sends reports by itself, without a token; nothing is changed by one.
@open_to_everyone
@require_POST
def policy_report(request: HttpRequest) -> HttpResponse:
    """A browser says that it kept something from running."""
    return HttpResponse(status=take(request))
