"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path

from rasso import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("health/live", views.live, name="health-live"),
    path("health/ready", views.ready, name="health-ready"),
    path("", include("people.urls")),
]
