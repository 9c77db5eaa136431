"""Addresses of people's own accounts: one way in, one way out, none of allauth's other pages; and the administrator's.

Three more of the administrator's are put together in rasso/urls.py: "units", "deactivate-person" and "end-role".
"""

from django.urls import path

from kit.views import open_to_everyone
from people.views import account, confirm, cover, openid, people, person, second_factor, sessions, signing_in, units
from people.views.no_role import NoRole

urlpatterns = [
    path("accounts/login/", account.sign_in, name="account_login"),
    path("accounts/logout/", account.sign_out, name="account_logout"),
    path("accounts/signed-out/", account.signed_out, name="signed-out"),
    path("accounts/stay-signed-in/", account.stay_signed_in, name="stay-signed-in"),
    # Called as allauth's sign-in calls it.
    path("accounts/second-step/", open_to_everyone(signing_in.SecondStep.as_view()), name="mfa_authenticate"),
    path("accounts/passkey/", open_to_everyone(signing_in.SignInWithPasskey.as_view()), name="sign-in-with-passkey"),
    path("accounts/security/", second_factor.Security.as_view(), name="security"),
    path("accounts/security/passkeys/add/", second_factor.AddPasskey.as_view(), name="add-passkey"),
    path("accounts/security/passkeys/<int:passkey_id>/remove/", second_factor.RemoveFactor.as_view(), name="remove-passkey"),
    path("accounts/security/app/add/", second_factor.AddCodeApp.as_view(), name="add-code-app"),
    path("accounts/security/app/remove/", second_factor.RemoveFactor.as_view(), name="remove-code-app"),
    path("accounts/security/codes/", second_factor.MakeRecoveryCodes.as_view(), name="make-recovery-codes"),
    path("accounts/force/", open_to_everyone(openid.SignInWithOpenId.as_view()), name="sign-in-with-openid"),
    path("accounts/force/back/", open_to_everyone(openid.OpenIdBack.as_view()), name="openid-back"),
    path("accounts/force/connect/", openid.ConnectOpenId.as_view(), name="connect-openid"),
    path("accounts/sessions/", sessions.Sessions.as_view(), name="sessions"),
    path("accounts/confirm/", confirm.ConfirmWhoYouAre.as_view(), name="confirm-who-you-are"),
    path("cover/", cover.CoverPage.as_view(), name="cover"),
    path("cover/set/", cover.SetCover.as_view(), name="set-cover"),
    path("cover/<int:cover_id>/end/", cover.EndCover.as_view(), name="end-cover"),
    path("accounts/no-role/", NoRole.as_view(), name="no-role"),
    path("accounts/password/", account.change_password, name="change-password"),
    path("people/", people.People.as_view(), name="people"),
    path("people/export/", people.ExportPeople.as_view(), name="export-people"),
    path("people/enrol/", people.EnrolPerson.as_view(), name="enrol-person"),
    path("people/<int:person_id>/", people.Person.as_view(), name="person"),
    path("people/<int:person_id>/details/", people.ChangePerson.as_view(), name="change-person"),
    path("people/<int:person_id>/password/", people.GiveFirstPassword.as_view(), name="give-first-password"),
    path("people/<int:person_id>/second-factor/", sessions.ResetFactors.as_view(), name="reset-factors"),
    path("people/<int:person_id>/sessions/", sessions.EndSessions.as_view(), name="end-sessions"),
    path("people/<int:person_id>/reactivate/", people.ReactivatePerson.as_view(), name="reactivate-person"),
    path("people/<int:person_id>/roles/give/", person.GiveRole.as_view(), name="give-role"),
    path("people/<int:person_id>/move/", person.MovePerson.as_view(), name="move-person"),
    path("people/units/add/", units.AddUnit.as_view(), name="add-unit"),
    path("people/units/<int:unit_id>/", units.ChangeUnit.as_view(), name="change-unit"),
]
