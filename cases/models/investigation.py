"""What the investigation thinks and follows: the context in three parts, the plan, the lines of enquiry."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cases.enums import Direction, Duration, Exploited, Known, LineState
from cases.models.case import Case
from kit.classification import Operational
from kit.history import History


class Context(Operational):
    """The relationship, the victim's context, the suspect's context (seed 001: considered from the moment of the report)."""

    guarded_by = "case"
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="context")
    how_known = models.TextField("how they know each other", max_length=10_000, blank=True)
    duration = models.CharField("for how long", max_length=20, choices=Duration.choices, default=Duration.NOT_KNOWN)
    domestic_abuse = models.CharField("domestic abuse", max_length=20, choices=Known.choices, default=Known.NOT_KNOWN)
    power = models.TextField("power of one over the other", max_length=10_000, blank=True)
    victim_context = models.TextField("context of V1", max_length=10_000, blank=True)
    exploited = ArrayField(
        models.CharField(max_length=40, choices=Exploited.choices),
        verbose_name="what the suspect may have exploited",
        default=list,
        blank=True,
    )
    suspect_context = models.TextField("context of the suspect", max_length=10_000, blank=True)
    version = models.PositiveIntegerField(default=1)

    unguarded = models.Manager()
    history = History()

    class Meta:
        default_manager_name = "unguarded"

    def __str__(self) -> str:
        return f"context of {self.case_id}"


class InvestigationPlan(Operational):
    """The plan of day 3 (domain.md 13, C6), changed as the case is understood better; the whole story comes first."""

    guarded_by = "case"
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="plan")
    story = models.TextField("the whole story", max_length=100_000)
    suspect = models.TextField("the suspect", max_length=100_000)
    victim = models.TextField("V1", max_length=100_000)
    material = models.TextField("forensic, digital and third-party material", max_length=100_000, blank=True)
    protection = models.TextField("risk and protection", max_length=100_000)
    first_steps = models.TextField("what is done first", max_length=100_000)
    version = models.PositiveIntegerField(default=1)

    unguarded = models.Manager()
    history = History()

    class Meta:
        default_manager_name = "unguarded"

    def __str__(self) -> str:
        return f"plan of {self.case_id}"


class LineOfEnquiry(Operational):
    """One reasonable line, towards the suspect or away; each ends pursued, or not pursued with the reason."""

    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()  # L1, L2, ... within the case
    what = models.TextField("line of enquiry", max_length=2000)
    leads = models.CharField(max_length=20, choices=Direction.choices)
    state = models.CharField(max_length=20, choices=LineState.choices, default=LineState.PENDING)
    # What came of it, or why it is not pursued.
    outcome = models.TextField("result or reason", max_length=10_000, blank=True)
    version = models.PositiveIntegerField(default=1)

    unguarded = models.Manager()
    history = History()

    class Meta:
        default_manager_name = "unguarded"
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="line_number_once"),
            models.CheckConstraint(condition=Q(state=LineState.PENDING) | ~Q(outcome=""), name="line_says_what_became_of_it"),
        )

    def __str__(self) -> str:
        return f"L{self.number}"
