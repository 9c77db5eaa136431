"""Actions: what somebody must do by a date, the time they asked for, and who made sure that it was done."""

from django.db import models
from django.db.models import F, Q

from cases.models.case import Case, InCaseScope, Reminded
from cases.models.review import Review
from kit.classification import Operational
from kit.history import History
from people.models import User


class Action(Reminded, InCaseScope):
    """“Overdue” is never stored, and no action ever closes by itself."""

    number = models.PositiveSmallIntegerField()  # A1, A2, ... within the case
    what = models.TextField(max_length=2000)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField("target date")
    look_again_on = models.DateField("review date")
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    direction_of = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="directions")
    # How often its target date was moved, each time by somebody who agreed to it (MoreTime).
    extended_count = models.PositiveSmallIntegerField("times extended", default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_how = models.TextField(max_length=10_000, blank=True)
    # Where what was found can be seen: exhibit, statement or document by its number in the records system.
    evidence = models.TextField(max_length=2000, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    unguarded = models.Manager()
    history = History()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (
            models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="open_action_by_owner"),
            models.Index(fields=["warn_on"], condition=Q(done_at=None), name="open_action_by_day"),
            # What waits for a supervisor is a small part of all that was ever done.
            models.Index(fields=["done_at"], condition=Q(done_at__isnull=False, verified_at=None), name="action_to_verify"),
        )
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="action_number_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, done_how="", evidence="")
                | Q(done_at__isnull=False, done_by__isnull=False) & ~Q(done_how="") & ~Q(evidence=""),
                name="action_done_says_who_when_how_and_where",
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None)
                | Q(verified_at__isnull=False, verified_by__isnull=False, done_at__isnull=False)
                & ~Q(verified_by=F("done_by"))
                & ~Q(verified_by=F("owner")),
                name="action_verified_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"A{self.number}"


class MoreTime(Operational):
    """That the owner of an action asked for more time, and what a supervisor answered. Until then the target date stays."""

    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="more_time")
    due_before = models.DateField()
    due_asked = models.DateField()
    because = models.TextField(max_length=2000)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    is_agreed = models.BooleanField(null=True)
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        constraints = (
            models.UniqueConstraint(fields=["action"], condition=Q(answered_at=None), name="one_open_request_for_more_time"),
            models.CheckConstraint(condition=Q(due_asked__gt=F("due_before")), name="more_time_is_later"),
            models.CheckConstraint(
                condition=Q(is_agreed=None, answered_at=None, answered_by=None, answer="")
                | Q(is_agreed__isnull=False, answered_at__isnull=False, answered_by__isnull=False)
                & ~Q(answered_by=F("asked_by"))
                & (Q(is_agreed=True) | ~Q(answer="")),
                name="more_time_is_agreed_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"more time for {self.action_id} until {self.due_asked}"
