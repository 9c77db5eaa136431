"""The case itself, its offences, who was given it and who is barred from it."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from guardian.models import UserObjectPermissionBase

from cases.enums import Act, ClosingGrounds, GrantBasis, HappenedWhen, Place, PlaceKind, Relationship, ReportedHow, Status
from cases.models.reference import OffenceType
from kit.access import GuardedManager
from kit.classification import Operational
from kit.history import History
from people.models import Unit, User
from people.roles import Role


class Case(Operational):
    VIEW = Act.VIEW  # what kit.operations asks to tell 404 from 403

    reference = models.CharField(max_length=20, unique=True)
    # The force's own number in its records system; unique, so that one crime is not logged twice.
    crime_number = models.CharField(max_length=40, unique=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.RECORDED)

    reported_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    reported_how = models.CharField(max_length=20, choices=ReportedHow.choices)
    happened_when = models.CharField(max_length=20, choices=HappenedWhen.choices)
    happened_from = models.DateField(null=True, blank=True)
    happened_to = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=20, choices=Place.choices)
    place_kind = models.CharField(max_length=20, choices=PlaceKind.choices)
    relationship = models.CharField(max_length=20, choices=Relationship.choices)

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="officer in the case"
    )
    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Staff or a public figure is involved: only the people named on it see it.
    is_restricted = models.BooleanField(default=False)

    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closing_grounds = models.CharField(max_length=20, choices=ClosingGrounds.choices, blank=True)

    logged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    unguarded = models.Manager()
    objects = GuardedManager("cases.access.TABLE")
    history = History()

    class Meta:
        default_manager_name = "unguarded"
        permissions = (("work_on_case", "Can work on the case"),)
        indexes = (
            models.Index(fields=["unit", "recorded_at", "id"], name="case_by_unit_newest"),
            models.Index(fields=["unit", "reference"], name="case_by_unit_reference"),
            # For whoever supervises so many units that asking in each would take longer.
            models.Index(fields=["recorded_at", "id"], name="case_newest"),
            models.Index(fields=["officer"], name="case_by_officer"),
            # So few that whoever looks for those without a supervisor must not walk past all others.
            models.Index(fields=["id"], condition=Q(is_restricted=True), name="case_restricted"),
        )
        constraints = (
            # Children that carry a queue repeat these columns; a composite foreign key keeps them equal.
            models.UniqueConstraint(fields=["id", "unit", "is_restricted"], name="case_scope"),
            models.CheckConstraint(condition=Q(recorded_at__gte=F("reported_at")), name="case_recorded_after_reported"),
            models.CheckConstraint(
                condition=Q(happened_when=HappenedWhen.NOT_KNOWN, happened_from=None, happened_to=None)
                | Q(happened_when=HappenedWhen.ON, happened_from__isnull=False, happened_to=F("happened_from"))
                | Q(happened_when=HappenedWhen.BETWEEN, happened_from__isnull=False, happened_to__gt=F("happened_from")),
                name="case_happened_dates_agree",
            ),
            models.CheckConstraint(
                condition=Q(status__in=(Status.CLOSED, Status.TRANSFERRED), closed_at__isnull=False, closed_by__isnull=False)
                & ~Q(closing_grounds="")
                | ~Q(status__in=(Status.CLOSED, Status.TRANSFERRED)) & Q(closed_at=None, closed_by=None, closing_grounds=""),
                name="case_closed_says_who_when_and_why",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.status in (Status.RECORDED, Status.INVESTIGATING)


class ReferenceNumber(Operational):
    """Numbers already drawn, so that a reference tells neither how many cases there are nor in which order they came."""

    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        constraints = (models.UniqueConstraint(fields=["year", "number"], name="reference_number_once"),)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:05}"


class CaseOffence(Operational):
    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="offences")
    offence_type = models.ForeignKey(OffenceType, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        constraints = (models.UniqueConstraint(fields=["case", "offence_type"], name="offence_once_on_a_case"),)

    def __str__(self) -> str:
        return f"{self.offence_type} on {self.case_id}"


class CaseGrant(UserObjectPermissionBase, Operational):
    """Who was given a case, on what basis, between which moments, and by whom. Written only by database functions that
    check the giver (cases/sql); one table serves assignment, liaison and naming on a restricted case."""

    guarded_by = "content_object"
    content_object = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="grants")
    basis = models.CharField(max_length=20, choices=GrantBasis.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (models.Index(fields=["user", "content_object"], name="grant_by_user"),)
        constraints = (
            models.UniqueConstraint(
                fields=["content_object", "user", "basis"], condition=Q(ends_at=None), name="one_running_grant_of_a_kind"
            ),
            models.UniqueConstraint(
                fields=["content_object"], condition=Q(ends_at=None, basis=GrantBasis.ASSIGNED), name="one_officer_in_the_case"
            ),
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="grant_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.basis} {self.user_id} on {self.content_object_id}"


class CaseConnection(Operational):
    """Somebody who works here is connected with someone in the case, as a person said: they are barred from it at once."""

    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="connections")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    # “A friend of V1”; no name.
    how = models.CharField(max_length=200, blank=True, default="", db_default="")
    # Whom somebody's own connection takes the case from as well, because they supervise them.
    because_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="line")
    # What a Detective Superintendent decided about those who supervise the person.
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    line_is_out = models.BooleanField(null=True, blank=True)

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (models.Index(fields=["user", "case"], name="connection_by_user"),)
        constraints = (
            models.UniqueConstraint(fields=["case", "user"], name="connected_once"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, line_is_out=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, line_is_out__isnull=False),
                name="connection_decided_says_by_whom_and_what",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} connected with {self.case_id}"


class EndedConnection(Operational):
    """A connection that was withdrawn or entered in error: it bars nobody any more, and it stays known who said so and why.

    A table of its own, so that whatever asks who is kept out cannot forget to leave out what has ended.
    """

    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    how = models.CharField(max_length=200, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()
    because = models.CharField(max_length=500)

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        constraints = (
            models.CheckConstraint(condition=~Q(ended_by=F("user")), name="nobody_ends_their_own_connection"),
            models.CheckConstraint(condition=~Q(because=""), name="connection_ended_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} was connected with {self.case_id}"


class InCaseScope(Operational):
    """Base of children that carry a queue: they repeat the case's unit and restriction, held equal by a composite foreign
    key with ON UPDATE CASCADE, so that a supervisor's queue is one index walk."""

    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="%(class)ss")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    is_restricted = models.BooleanField()

    class Meta:
        abstract = True

    @staticmethod
    def scope_of(case: Case) -> dict[str, Any]:
        return {"case": case, "unit_id": case.unit_id, "is_restricted": case.is_restricted}


class Reminded(models.Model):
    """Base of what people are reminded of. Who hears and when is fixed when its date is given (cases.deadlines.notice), so that the
    sweep compares dates and counts no days."""

    # The first day on which whoever has to act hears of it, and the day on which they hear that it is due.
    warn_on = models.DateField()
    remind_on = models.DateField()
    # Who hears of it from which day on while nobody has acted.
    escalates_to = models.CharField(max_length=40, choices=Role.choices, blank=True)
    escalates_on = models.DateField(null=True, blank=True)
    escalates_further_to = models.CharField(max_length=40, choices=Role.choices, blank=True)
    escalates_further_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
