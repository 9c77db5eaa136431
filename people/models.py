"""Who works here: organisations, the tree of units, users, their roles and units, each with dates; who covers for whom; the access record."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from kit.classification import Personnel, Record
from people.account_models import AccountEvent, Credential, Identity, KnownPlace, OpenSession
from people.roles import DESCRIPTIONS, OrganisationKind, Role

__all__ = ["AccountEvent", "Credential", "Identity", "KnownPlace", "OpenSession"]
LONGEST_COVER = timedelta(days=60)


class Organisation(Personnel):
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)

    def __str__(self) -> str:
        return self.name


class Unit(Personnel):
    """Units form a tree; a supervisor of a unit supervises what stands below it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="below")
    name = models.CharField(max_length=200)
    # Local hour at which the day's one message goes to each person of the unit.
    digest_hour = models.PositiveSmallIntegerField(default=7)
    # No lateness of this unit's cases is escalated before this day: for a unit that has just brought its old cases in.
    quiet_until = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "name"], name="unit_name_once_in_organisation"),
            models.CheckConstraint(condition=Q(digest_hour__lte=22), name="digest_hour_is_in_the_day"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_is_not_its_own_parent"),
        )

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser, Personnel):
    """Somebody who may sign in. Never deleted: deactivated. There is no superuser and no staff flag."""

    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    rank = models.CharField(max_length=40, blank=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="users")
    # Repeated from the organisation, and held equal to it by a composite foreign key, so that constraints can speak of it.
    organisation_kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    is_active = models.BooleanField(default=True)
    # Why stands in PeopleChange, which fewer people read than this.
    deactivated_at = models.DateTimeField(null=True, blank=True)
    deactivated_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Somebody else knows it: the administrator who handed it out.
    must_change_password = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1, db_default=1)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(deactivated_at=None, deactivated_by=None),
                name="whoever_is_active_left_at_no_time",
            ),
        )

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """Rank and name, as colleagues say it."""
        return f"{self.rank} {self.given_name} {self.family_name}".strip()

    @property
    def password(self) -> str:
        """The hash, from a table of its own that only the web login reads; empty for somebody who has none."""
        if "_hash" in self.__dict__:
            return str(self.__dict__["_hash"])
        try:
            return self.credential.password
        except Credential.DoesNotExist:
            return ""

    @password.setter
    def password(self, hashed: str) -> None:
        self.__dict__["_hash"] = hashed

    def save_password(self) -> None:
        """The database makes the row together with the person."""
        Credential.objects.filter(pk=self.pk).update(password=self.password)

    def check_password(self, raw_password: str | None) -> bool:
        """As Django's, which would keep a hash that it makes anew in a column of this table."""

        def hash_anew(raw: str) -> None:
            self.set_password(raw)
            self._password = None
            self.save_password()

        return check_password(raw_password, self.password, hash_anew)

    @property
    def kind(self) -> str:
        """Which kind of actor the database sees: police personnel are users whose organisation is a police force."""
        return "police" if self.organisation_kind == OrganisationKind.POLICE else "partner"


def called_for(somebody: User, on_behalf_of: User | None) -> str:
    """“DC A for DC B”: who did it, and for whom where they covered for somebody."""
    return f"{somebody.called} for {on_behalf_of.called}" if on_behalf_of else somebody.called


class RoleAssignment(Personnel):
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=40, choices=Role.choices)
    # As in User: so that the database itself refuses a police role for somebody who is not of a police organisation.
    organisation_kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "role", "starts_on"], name="role_given_once_a_day"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="role_ends_after_it_starts"),
            *(
                models.CheckConstraint(
                    condition=~Q(role=role) | Q(organisation_kind__in=sorted(description.held_by)),
                    name=f"organisation_may_hold_{role.lower()}",
                )
                for role, description in sorted(DESCRIPTIONS.items())
                if description.held_by != frozenset(OrganisationKind)
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} is {self.get_role_display()} from {self.starts_on}"


class Membership(Personnel):
    """Somebody's unit between two dates. The supervisors of a case are computed from these, never typed."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "unit", "starts_on"], name="member_once_a_day"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in {self.unit_id} from {self.starts_on}"


class PeopleChange(Personnel):
    """What an administrator changed of a person or a unit, who was set to cover for whom, and when. Append-only, written by the functions
    that make the change."""

    class What(models.TextChoices):
        ENROLLED = "ENROLLED", "Enrolled"
        DETAILS = "DETAILS", "Details changed"
        ROLE_GIVEN = "ROLE_GIVEN", "Role given"
        ROLE_ENDED = "ROLE_ENDED", "Role ended"
        UNIT_JOINED = "UNIT_JOINED", "Joined a unit"
        UNIT_LEFT = "UNIT_LEFT", "Left a unit"
        PASSWORD_GIVEN = "PASSWORD_GIVEN", "New first password given"
        DEACTIVATED = "DEACTIVATED", "Deactivated"
        REACTIVATED = "REACTIVATED", "Reactivated"
        UNIT_ADDED = "UNIT_ADDED", "Unit added"
        UNIT_CHANGED = "UNIT_CHANGED", "Unit changed"
        FACTORS_RESET = "FACTORS_RESET", "Second factors removed"
        SESSIONS_ENDED = "SESSIONS_ENDED", "Signed out everywhere"
        COVER_SET = "COVER_SET", "Cover set"
        COVER_ENDED = "COVER_ENDED", "Cover ended"

    at = models.DateTimeField()
    # Nobody: whoever set the installation up.
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=20, choices=What.choices)
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="changes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="changes")
    role = models.CharField(max_length=40, choices=Role.choices, blank=True)
    # From which day the role or unit is theirs, or the last day on which it was.
    day = models.DateField(null=True)
    was = models.CharField(max_length=600, blank=True)
    became = models.CharField(max_length=600, blank=True)
    because = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["person", "at"], name="people_change_by_person"),
            models.Index(fields=["unit", "at"], name="people_change_by_unit"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"


class CoverReason(models.TextChoices):
    LEAVE = "LEAVE", "On leave"
    ILLNESS = "ILLNESS", "Ill"
    TRAINING = "TRAINING", "On a course"
    OTHER_DUTY = "OTHER_DUTY", "On other duty"


class WithoutReason(models.Manager["Cover"]):
    """Reads no reason: the police read it through rasso.cover_reasons only, which looks who asks."""

    def get_queryset(self) -> models.QuerySet["Cover"]:
        return super().get_queryset().defer("reason")


class Cover(Personnel):
    """Somebody does another's work between two days. Written only by rasso.set_cover and rasso.end_cover, which check who asks.

    It gives nothing by itself: what it gives follows from the grants and units of the absent person on each day (people/sql/cover.sql),
    and it is no grant, so it does not pass on what the absent person covers themselves.
    """

    absent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    covering = models.ForeignKey(User, on_delete=models.PROTECT, related_name="covers")
    # As in RoleAssignment, once for both: the database itself refuses anybody who is not of a police organisation.
    organisation_kind = models.CharField(max_length=20, choices=OrganisationKind.choices, default=OrganisationKind.POLICE)
    starts_on = models.DateField()
    # The last day.
    ends_on = models.DateField()
    reason = models.CharField(max_length=20, choices=CoverReason.choices)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    # Ended before its last day was over, or called off before its first.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = WithoutReason()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(organisation_kind=OrganisationKind.POLICE), name="cover_is_from_police_to_police"),
            models.CheckConstraint(condition=~Q(absent=F("covering")), name="nobody_covers_for_themselves"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cover_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(ends_on__lt=F("starts_on") + LONGEST_COVER), name="cover_is_for_60_days_at_most"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="cover_ended_says_when_and_by_whom",
            ),
        )

    def __str__(self) -> str:
        return f"{self.covering_id} for {self.absent_id} from {self.starts_on} to {self.ends_on}"


class AccessRecord(Record):
    """One line for each page or act: who looked at, listed, changed or was refused what. Written only by rasso.record_access.

    Case keys stand in an array without a foreign key: a foreign key would make every reader of a case wait for whoever
    holds its lock, and the record must outlive what it speaks of.
    """

    at = models.DateTimeField()
    # A number, not a foreign key, for the same reason.
    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    page = models.CharField(max_length=100)
    case_ids = ArrayField(models.UUIDField(), default=list)
    outcome = models.PositiveSmallIntegerField(null=True)
    # Whom the person covered for, where they reached a case only through that; the database finds it out itself.
    on_behalf_of = ArrayField(models.BigIntegerField(), default=list)
    # By what rights they reach the cases, found out by the database as well: a basis of a grant, SUPERVISOR, COVERING, LOGGED, ESCALATED.
    rights = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    address = models.GenericIPAddressField(null=True)
    request_id = models.UUIDField(null=True)
    # To whom and on what ground, where something was shared or exported; of whom and what, where an administrator changed people or units.
    recipient = models.CharField(max_length=200, default="", db_default="")
    basis = models.CharField(max_length=400, default="", db_default="")
    # Of what was searched for (SearchedWords), so that it can be erased and the line still proved.
    words_digest = models.BinaryField(null=True)
    # The transaction and the cluster that wrote it: a set of finished transactions is sealed without holding up any writer.
    xact = models.BigIntegerField(default=0, db_default=0)
    cluster = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        indexes = (
            models.Index(fields=["cluster", "xact", "id"], name="access_record_by_transaction"),
            models.Index(fields=["user_id", "at"], name="access_record_by_person"),
            GinIndex(fields=["case_ids"], name="access_record_by_case"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_id} {self.kind} {self.page}"


class SearchedWords(Record):
    """What somebody searched for, which may be a name: apart from the line of the record, so that it can be erased. Written only by
    rasso.record_access, shown only by rasso.searched_words, which records it."""

    record = models.OneToOneField(AccessRecord, on_delete=models.PROTECT, primary_key=True, related_name="+")
    # The digest in the record is of both, so that a name cannot be found by trying.
    salt = models.UUIDField()
    words = models.CharField(max_length=400)

    def __str__(self) -> str:
        return f"searched in {self.record_id}"
