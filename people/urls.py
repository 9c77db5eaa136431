"""Addresses of people's own accounts: one way in, one way out. None of allauth's other pages exists here."""

from django.urls import path

from people.views import account
from people.views.no_role import NoRole

urlpatterns = [
    path("accounts/login/", account.sign_in, name="account_login"),
    path("accounts/logout/", account.sign_out, name="account_logout"),
    path("accounts/signed-out/", account.signed_out, name="signed-out"),
    path("accounts/stay-signed-in/", account.stay_signed_in, name="stay-signed-in"),
    path("accounts/no-role/", NoRole.as_view(), name="no-role"),
]
