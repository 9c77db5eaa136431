"""Every address of the site."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from rasso import views
from rasso.home import Home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("health/live", views.live, name="health-live"),
    path("health/ready", views.ready, name="health-ready"),
    path("home/", Home.as_view(), name="home"),
    path("", include("people.urls")),
    path("", include("cases.urls")),
]
if settings.DEMONSTRATION:
    urlpatterns.append(path("demonstration/", include("rasso.demonstration.urls")))
