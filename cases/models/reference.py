"""Lists that hold no person: the offences of each law, the rule pack, local days without work."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from cases.enums import Calendar, ReviewKind, RuleKind
from kit.classification import Reference
from people.models import User
from people.roles import Role


class OffenceType(Reference):
    """One offence of one law, offered for the dates on which it was in force (domain.md 11)."""

    code = models.CharField(max_length=40, unique=True)
    profile = models.CharField(max_length=2)
    law = models.CharField(max_length=200)
    provision = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    group = models.CharField(max_length=60)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    home_office_class = models.CharField(max_length=20, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="offence_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} ({self.provision})"

    def in_force_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def in_words(number: int | None, unit: str) -> str:
    return f"{number} {unit.removesuffix('s') if number == 1 else unit}"


class Rule(Reference):
    """One dated, sourced row of a rule pack: what must happen by when, who owns it, who hears when it does not.

    A running review or limit stores the version it was made under and its own due date, so changing a rule never moves a date
    already given.
    """

    profile = models.CharField(max_length=2)
    code = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=RuleKind.choices)
    label = models.CharField(max_length=120)
    review_kind = models.CharField(max_length=20, choices=ReviewKind.choices, blank=True)
    amount = models.PositiveSmallIntegerField()
    calendar = models.CharField(max_length=20, choices=Calendar.choices)
    repeats = models.BooleanField(default=False)
    owner_role = models.CharField(max_length=40, choices=Role.choices)
    # How many calendar days before its date whoever has to act hears that it is coming.
    remind_before = models.PositiveSmallIntegerField(null=True, blank=True)
    escalates_to = models.CharField(max_length=40, choices=Role.choices, blank=True)
    escalates_after = models.PositiveSmallIntegerField(null=True, blank=True)
    escalates_further_to = models.CharField(max_length=40, choices=Role.choices, blank=True)
    escalates_further_after = models.PositiveSmallIntegerField(null=True, blank=True)
    escalation_calendar = models.CharField(max_length=20, choices=Calendar.choices, default=Calendar.CALENDAR_DAYS)
    basis = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    # Rows of the force's own, made on the page of rules, stand above those that are shipped; each says who changed it and why.
    is_local = models.BooleanField(default=False)
    # Without a constraint in the database, so that the people of a demonstration can be emptied and the rules stay.
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_because = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["profile", "code", "is_local", "version"], name="rule_version_once"),
            models.CheckConstraint(
                condition=Q(is_local=False, changed_by=None, changed_at=None, changed_because="")
                | Q(is_local=True, changed_by__isnull=False, changed_at__isnull=False) & ~Q(changed_because=""),
                name="own_rule_says_who_when_and_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.profile} {self.code} version {self.version_in_words}"

    @property
    def allowed(self) -> str:
        """1 working day, 24 hours"""
        if self.kind == RuleKind.ACTION:
            return "Until its target date"
        return in_words(self.amount, self.get_calendar_display())

    @property
    def first_hears(self) -> str:
        return in_words(self.escalates_after, self.get_escalation_calendar_display())

    @property
    def second_hears(self) -> str:
        return in_words(self.escalates_further_after, self.get_escalation_calendar_display())

    @property
    def version_in_words(self) -> str:
        return f"{self.version} of this force" if self.is_local else str(self.version)


class LocalDay(Reference):
    """A day without work that no library knows yet, such as a day of mourning. It moves no date already given."""

    profile = models.CharField(max_length=2)
    day = models.DateField()
    name = models.CharField(max_length=100)
    # A date given before this moment was counted without knowing of the day.
    added_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["profile", "day"], name="local_day_once"),)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
