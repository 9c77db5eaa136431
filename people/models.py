"""Who works here: organisations, the tree of units, users, their roles and their units, each with dates; the access record."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from kit.classification import Personnel, Record
from people.roles import DESCRIPTIONS, OrganisationKind, Role


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
    def kind(self) -> str:
        """Which kind of actor the database sees: police personnel are users whose organisation is a police force."""
        return "police" if self.organisation_kind == OrganisationKind.POLICE else "partner"


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
    """What an administrator changed of a person or a unit, and when. Append-only, written by the functions that make the change."""

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

    class Meta:
        indexes = (
            models.Index(fields=["user_id", "at"], name="access_record_by_person"),
            GinIndex(fields=["case_ids"], name="access_record_by_case"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_id} {self.kind} {self.page}"
