"""Actions: what somebody must do by a date."""

from django.db import models
from django.db.models import Q

from cases.models.case import InCaseScope
from cases.models.review import Review
from kit.history import History
from people.models import User


class Action(InCaseScope):
    number = models.PositiveSmallIntegerField()  # A1, A2, ... within the case
    what = models.TextField(max_length=2000)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField("target date")
    look_again_on = models.DateField("review date")
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    direction_of = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="directions")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_how = models.TextField(max_length=10_000, blank=True)

    unguarded = models.Manager()
    history = History()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="open_action_by_owner"),)
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="action_number_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, done_how="")
                | Q(done_at__isnull=False, done_by__isnull=False) & ~Q(done_how=""),
                name="action_done_says_who_when_and_how",
            ),
        )

    def __str__(self) -> str:
        return f"A{self.number}"
