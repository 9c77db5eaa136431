"""Tables of the sign-in, which only the web login reads: whoever reads another person's could act as them.

Second factors themselves are rows of allauth's mfa_authenticator, with their secrets encrypted (people/adapters.py).
"""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now

from kit.classification import Personnel

PERSON = "people.User"


class Credential(Personnel):
    """How somebody proves who they are. Everybody has one; the backend fetches it together with the person (people/backends.py)."""

    user = models.OneToOneField(PERSON, on_delete=models.PROTECT, primary_key=True, related_name="credential")
    # Hashed. Read and set as User.password.
    password = models.CharField(max_length=128)
    # An administrator took their factors away: they set up new ones before anything else, whatever the installation asks of others.
    must_set_factor = models.BooleanField(default=False, db_default=False)
    # The half minute whose code of the app was accepted last; none of it or before is accepted again.
    last_code_period = models.BigIntegerField(null=True, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0, db_default=0)
    codes_wait_until = models.DateTimeField(null=True, blank=True)
    # So that a page asks for events only where there are some that the person was not told of.
    last_event_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Credential of {self.user_id}"


class AccountEvent(Personnel):
    """What happened to somebody's account, for themself: they are told on the next page, wherever they are signed in. Real time."""

    class What(models.TextChoices):
        NEW_PLACE = "NEW_PLACE", "Signed in from a new place"
        PASSKEY_ADDED = "PASSKEY_ADDED", "Passkey added"
        PASSKEY_REMOVED = "PASSKEY_REMOVED", "Passkey removed"
        APP_ADDED = "APP_ADDED", "Code app added"
        APP_REMOVED = "APP_REMOVED", "Code app removed"
        CODES_MADE = "CODES_MADE", "Recovery codes made"
        CODE_USED = "CODE_USED", "Recovery code used"
        IDENTITY_ADDED = "IDENTITY_ADDED", "Account of the force connected"
        IDENTITY_REMOVED = "IDENTITY_REMOVED", "Account of the force disconnected"
        FACTORS_RESET = "FACTORS_RESET", "Second factors removed"
        SESSIONS_ENDED = "SESSIONS_ENDED", "Signed out everywhere"

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    what = models.CharField(max_length=20, choices=What.choices)

    class Meta:
        indexes = (models.Index(fields=["user", "at"], name="account_event_by_person"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_id} {self.what}"


class KnownPlace(Personnel):
    """A browser in a network from which somebody has signed in, as a digest: enough to notice one that is new."""

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    last_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "digest"], name="place_known_once"),)

    def __str__(self) -> str:
        return f"Place of {self.user_id}"


class Identity(Personnel):
    """Who somebody is at the force's own sign-in. The two together are the key: a subject means nothing without whose it is."""

    user = models.OneToOneField(PERSON, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["issuer", "subject"], name="identity_of_one_person"),)

    def __str__(self) -> str:
        return f"Identity of {self.user_id}"

    @classmethod
    def of(cls, subject: str) -> "models.QuerySet[Identity]":
        return cls.objects.filter(issuer=settings.OPENID_ISSUER, subject=subject)


class OpenSession(AbstractBaseSession, Personnel):
    """Django's table of sessions with whose each is, so that theirs can be listed and ended without opening everybody's."""

    user_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["user_id"], name="open_session_by_person"),)

    def __str__(self) -> str:
        return f"Session of {self.user_id}"
