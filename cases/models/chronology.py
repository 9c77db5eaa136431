"""What happened, and what must happen by when; written only by cases/chronology.py."""

from django.db import models
from django.db.models import F, Q

from cases.enums import EventKind, LimitState, Nature
from cases.models.case import Case, InCaseScope, Reminded
from cases.models.reference import Rule
from kit.classification import Operational
from people.models import User, called_for


class Event(Operational):
    """One entry of the chronology. What it says is never changed; an entry made in error is struck out and stays readable."""

    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40, choices=EventKind.choices)
    subject = models.CharField(max_length=10, blank=True)  # V1, S2, D3, A17, L4
    nature = models.CharField(max_length=20, choices=Nature.choices, default=Nature.FACT)
    text = models.TextField(max_length=100_000, blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # For whom, where they reached the case only because they covered for somebody. Signed by themselves all the same.
    on_behalf_of = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    # The further date of an entry that carries one: the day on which bail ends.
    until = models.DateField(null=True, blank=True)
    # The entry that this one answers: V1 was told about that arrest; that entry was struck out.
    about = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The time limit that this entry suspends, resumes or takes away.
    limit = models.ForeignKey("cases.TimeLimit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    struck_because = models.TextField(max_length=2000, blank=True)

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (
            models.Index(fields=["case", "happened_at", "id"], name="event_by_case"),
            models.Index(fields=["limit"], condition=Q(limit__isnull=False), name="event_by_limit"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(recorded_at__gte=F("happened_at")), name="event_recorded_after_it_happened"),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None, struck_because="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_because=""),
                name="struck_entry_says_who_when_and_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} on {self.case_id}"

    @property
    def by_whom(self) -> str:
        """“DC A for DC B”: who wrote it, and for whom where they covered for somebody. Needs ``by`` and ``on_behalf_of``."""
        return called_for(self.by, self.on_behalf_of)


class TimeLimit(Reminded, InCaseScope):
    """A time limit that an entry started. “Late” is never stored, and nothing here is typed: who started, met, suspended or
    stopped it is an entry of the chronology, and cases/chronology.py computes the rest from those that stand."""

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=10, blank=True)
    started_by = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    # Day 0 holds this moment.
    begins_at = models.DateTimeField()
    # The last local day on which it can be met in time: as it was given, and as it is since the last suspension ended. For limits
    # in hours, the moment as well.
    first_due_on = models.DateField()
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    met_at = models.DateTimeField(null=True, blank=True)
    suspended_by = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # It runs no more: it does not apply, or what started it never happened.
    stopped_by = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (
            models.Index(fields=["case", "due_on"], condition=Q(met_at=None, stopped_by=None), name="open_limit_by_case"),
            models.Index(fields=["warn_on"], condition=Q(met_at=None, stopped_by=None), name="open_limit_by_day"),
            models.Index(fields=["started_by"], name="limit_by_start"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(met_at=None, met_by=None) | Q(met_at__isnull=False, met_by__isnull=False),
                name="limit_met_by_and_at_together",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule_id} of {self.case_id} due {self.due_on}"

    @property
    def state(self) -> LimitState:
        """Where it stands. Needs ``stopped_by`` only where it has stopped."""
        if self.stopped_by_id is not None:
            struck = self.stopped_by is not None and self.stopped_by.kind == EventKind.ENTRY_STRUCK
            return LimitState.VOID if struck else LimitState.NOT_APPLICABLE
        if self.met_at is not None:
            return LimitState.MET
        return LimitState.SUSPENDED if self.suspended_by_id is not None else LimitState.RUNNING
