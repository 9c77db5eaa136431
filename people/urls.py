"""Addresses of people's own accounts: one way in, one way out. None of allauth's other pages exists here."""

from django.urls import path

from people.views import account, cover
from people.views.no_role import NoRole

urlpatterns = [
    path("accounts/login/", account.sign_in, name="account_login"),
    path("accounts/logout/", account.sign_out, name="account_logout"),
    path("accounts/signed-out/", account.signed_out, name="signed-out"),
    path("accounts/stay-signed-in/", account.stay_signed_in, name="stay-signed-in"),
    path("cover/", cover.CoverPage.as_view(), name="cover"),
    path("cover/set/", cover.SetCover.as_view(), name="set-cover"),
    path("cover/<int:cover_id>/end/", cover.EndCover.as_view(), name="end-cover"),
    path("accounts/no-role/", NoRole.as_view(), name="no-role"),
]
