"""Pages of the whole site: start, health, errors."""

import psycopg
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from kit.views import open_to_everyone

# A load balancer asks every few seconds and waits no longer.
CONNECT_SECONDS = 2
STATEMENT_MILLISECONDS = 500


@open_to_everyone
def start(request: HttpRequest) -> HttpResponse:
    """What this is, and the way in."""
    return render(request, "rasso/start.html")


@open_to_everyone
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; touches nothing else."""
    return JsonResponse({"status": "ok"})


@open_to_everyone
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, soon. No versions, no host names."""
    if database_answers():
        return JsonResponse({"status": "ok"})
    return JsonResponse({"status": "unavailable"}, status=503)


def database_answers() -> bool:
    """Over a connection of its own, because waiting for one of the pool may take as long as a page may."""
    parameters = {**connection.get_connection_params(), "connect_timeout": CONNECT_SECONDS}
    parameters.pop("pool", None)
    parameters["options"] = f"-c statement_timeout={STATEMENT_MILLISECONDS}"
    try:
        with psycopg.connect(**parameters) as trial:
            trial.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = "This form was open for too long or came from elsewhere. Go back, load the page again and send it once more."
    return render(request, "403.html", {"reason": sentence}, status=403)
