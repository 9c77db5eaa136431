"""Every address of the site."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from rasso import views
from rasso.home import Home
from rasso.people import DeactivateWithOpenWork, EndRoleWithOpenWork, UnitsWithWarnings

handler400 = "rasso.views.bad_request"
handler500 = "rasso.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("health/live", views.live, name="health-live"),
    path("health/ready", views.ready, name="health-ready"),
    path("policy-reports/", views.policy_report, name="policy-report"),
    path("home/", Home.as_view(), name="home"),
    path("people/units/", UnitsWithWarnings.as_view(), name="units"),
    path("people/<int:person_id>/deactivate/", DeactivateWithOpenWork.as_view(), name="deactivate-person"),
    path(
        "people/<int:person_id>/roles/<int:assignment_id>/end/",
        EndRoleWithOpenWork.as_view(),
        name="end-role",
    ),
    path("", include("people.urls")),
    path("", include("cases.urls")),
    path("", include("information.urls")),
    path("", include("audit.urls")),
]
if settings.DEMONSTRATION:
    urlpatterns.append(path("demonstration/", include("rasso.demonstration.urls")))
