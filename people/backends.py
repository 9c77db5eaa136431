"""Who somebody is, asked once a request: the person together with what they prove it with, in one statement."""

from allauth.account.auth_backends import AuthenticationBackend

from people.models import User


class PeopleBackend(AuthenticationBackend):
    """allauth's, which finds nobody's password with the person any more: it stands in a table of its own."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("credential").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
