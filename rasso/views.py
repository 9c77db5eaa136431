"""Pages of the whole site: start, health, errors."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from kit.views import open_to_everyone


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
    """The database answers. No versions, no host names."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '500ms'")
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001  # whatever it is, the load balancer needs the one answer
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"reason": "This form was open for too long or came from elsewhere. Go back, load the page again and send it once more."}, status=403)
