"""What happened, and what must happen by when; written only by cases/chronology.py."""

from django.db import models
from django.db.models import Q

from cases.enums import EventKind
from cases.models.case import Case, InCaseScope
from cases.models.reference import Rule
from kit.classification import Operational
from people.models import User


class Event(Operational):
    """One entry of the chronology. Insert-only."""

    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40, choices=EventKind.choices)
    subject = models.CharField(max_length=10, blank=True)  # V1, S2, A17
    text = models.TextField(max_length=100_000, blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (models.Index(fields=["case", "happened_at", "id"], name="event_by_case"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(recorded_at__gte=models.F("happened_at")), name="event_recorded_after_it_happened"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} on {self.case_id}"


class TimeLimit(InCaseScope):
    """A time limit that an event started. Its due date is fixed when it starts; “late” is never stored."""

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    met_by = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    met_at = models.DateTimeField(null=True, blank=True)

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (models.Index(fields=["case", "due_on"], condition=Q(met_at=None), name="open_limit_by_case"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(met_at=None, met_by=None) | Q(met_at__isnull=False, met_by__isnull=False),
                name="limit_met_by_and_at_together",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule_id} of {self.case_id} due {self.due_on}"
