"""The addresses that the frame of the pages names."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("sign-out", nothing, name="account_logout"), path("security", nothing, name="security")]
