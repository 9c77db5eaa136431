"""Emergency access: somebody opens for an hour a case that is not theirs, says why, and a second person reviews it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from kit.classification import Operational
from people.models import Unit, User
from people.roles import Role


class EmergencyReason(models.TextChoices):
    """Why somebody opens a case that is not theirs."""

    IN_DANGER = "IN_DANGER", "Somebody may be in danger now"
    SAFE_CONTACT = "SAFE_CONTACT", "V1 has to be contacted now, and I need the safe way to do it"
    SUSPECT_HERE = "SUSPECT_HERE", "A suspect is in custody or has been found"
    OTHER = "OTHER", "Something else that cannot wait until the officer in the case is at work"


class EmergencyFinding(models.TextChoices):
    """What whoever reviewed an emergency access found."""

    JUSTIFIED = "JUSTIFIED", "Justified"
    NOT_JUSTIFIED = "NOT_JUSTIFIED", "Not justified"


class EmergencyAccess(Operational):
    """Written only by database functions that check who asks (cases/sql/emergency.sql). What it opens is a grant of the case that ends
    with it."""

    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=20, choices=EmergencyReason.choices)
    words = models.TextField(max_length=500)
    # As they were then.
    roles = ArrayField(models.CharField(max_length=40, choices=Role.choices))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # The next working day, on which somebody else has looked at it.
    review_by = models.DateField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    found = models.CharField(max_length=20, choices=EmergencyFinding.choices, blank=True)
    finding = models.TextField(max_length=2000, blank=True)

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (
            models.Index(fields=["user", "case"], name="emergency_by_user"),
            models.Index(fields=["review_by"], condition=Q(reviewed_at=None), name="emergency_to_review"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gte=F("given_at")), name="emergency_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(words=""), name="emergency_says_why"),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, found="", finding="")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(found="") & ~Q(finding=""),
                name="emergency_reviewed_says_by_whom_and_what",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("user")), name="nobody_reviews_their_own_emergency_access"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} on {self.case_id} at {self.given_at:%Y-%m-%d %H:%M}"
