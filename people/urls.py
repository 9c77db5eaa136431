"""Addresses of people's own accounts: one way in, one way out, none of allauth's other pages; and the administrator's.

Three more of the administrator's are put together in rasso/urls.py: "units", "deactivate-person" and "end-role".
"""

from django.urls import path

from people.views import account, confirm, cover, people, person, units
from people.views.no_role import NoRole

urlpatterns = [
    path("accounts/login/", account.sign_in, name="account_login"),
    path("accounts/logout/", account.sign_out, name="account_logout"),
    path("accounts/signed-out/", account.signed_out, name="signed-out"),
    path("accounts/stay-signed-in/", account.stay_signed_in, name="stay-signed-in"),
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
    path("people/<int:person_id>/reactivate/", people.ReactivatePerson.as_view(), name="reactivate-person"),
    path("people/<int:person_id>/roles/give/", person.GiveRole.as_view(), name="give-role"),
    path("people/<int:person_id>/move/", person.MovePerson.as_view(), name="move-person"),
    path("people/units/add/", units.AddUnit.as_view(), name="add-unit"),
    path("people/units/<int:unit_id>/", units.ChangeUnit.as_view(), name="change-unit"),
]
