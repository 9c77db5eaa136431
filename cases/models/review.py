"""Supervisory reviews: what is due, and what the reviewer found."""

from django.db import models
from django.db.models import F, Q

from cases.enums import Answer, ReviewGroup, ReviewKind, ReviewResult
from cases.models.case import InCaseScope, Reminded
from cases.models.reference import Rule
from kit.classification import Operational
from kit.history import History
from people.models import User, called_for
from people.roles import Role


class Review(Reminded, InCaseScope):
    kind = models.CharField(max_length=20, choices=ReviewKind.choices)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    # Which one of the case's grid of due dates this is: 1 for the first, and so on; a case that is re-opened begins a new round.
    # A review that something asks for beside the grid has no number.
    round = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    # Day 0 of its due date.
    counted_from = models.DateField()
    # The review that was not satisfactory and sent the case on to this one.
    escalated_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    # The lowest role that may complete it; fixed when the review is made.
    lowest_role = models.CharField(max_length=40, choices=Role.choices)

    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # For whom they completed it, where they covered for somebody; it is signed in their own name.
    on_behalf_of = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    # The officer in the case at that moment; the constraint below is why it is kept.
    officer_then = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(max_length=20, choices=ReviewResult.choices, blank=True)
    own_words = models.TextField(max_length=100_000, blank=True)
    # Every answer was as last time, and the reviewer said so again when asked.
    is_same_again = models.BooleanField("same answers as last time", default=False)
    version = models.PositiveIntegerField(default=1)

    unguarded = models.Manager()
    history = History()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (
            models.Index(fields=["unit", "due_on", "id"], condition=Q(completed_at=None), name="open_review_by_unit"),
            # For whoever supervises so many units that asking in each would take longer.
            models.Index(fields=["due_on", "id"], condition=Q(completed_at=None), name="open_review_in_order"),
            models.Index(fields=["-completed_at", "id"], condition=Q(completed_at__isnull=False), name="done_review_in_order"),
            models.Index(fields=["warn_on"], condition=Q(completed_at=None), name="open_review_by_day"),
            # Few of all, and looked for in each unit that somebody supervises.
            models.Index(
                fields=["unit", "due_on", "id"],
                condition=Q(completed_at=None, kind=ReviewKind.ESCALATED),
                name="sent_on_review_by_unit",
            ),
            models.Index(fields=["unit", "-completed_at"], condition=Q(completed_at__isnull=False), name="done_review_by_unit"),
        )
        constraints = (
            models.UniqueConstraint(fields=["case", "round", "number"], name="review_number_once"),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(number=None, completed_at=None),
                name="one_open_review_of_a_kind_beside_the_grid",
            ),
            models.CheckConstraint(condition=Q(due_on__gt=F("counted_from")), name="review_is_due_after_day_0"),
            models.CheckConstraint(condition=Q(remind_on__lte=F("due_on")), name="review_reminder_is_not_after_due_date"),
            models.CheckConstraint(
                condition=Q(completed_at=None, completed_by=None, result="", own_words="")
                | Q(completed_at__isnull=False, completed_by__isnull=False) & ~Q(result="") & ~Q(own_words=""),
                name="review_is_whole_when_completed",
            ),
            models.CheckConstraint(
                condition=Q(completed_by=None) | Q(officer_then=None) | ~Q(completed_by=F("officer_then")),
                name="review_never_by_the_officer_in_the_case",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.case_id} due {self.due_on}"

    @property
    def by_whom(self) -> str:
        """“DS X for DS Y”: who completed it, and for whom. Needs ``completed_by`` and ``on_behalf_of``."""
        return called_for(self.completed_by, self.on_behalf_of) if self.completed_by else ""

    @property
    def was_held(self) -> bool:
        """Somebody completed it; what stood down when the case was closed was no review."""
        return self.completed_at is not None and self.result != ReviewResult.STOOD_DOWN


class ReviewAnswer(Operational):
    """The answer to one of the seven groups. Insert-only."""

    guarded_by = "case"
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="answers")
    group = models.CharField(max_length=20, choices=ReviewGroup.choices)
    answer = models.CharField(max_length=20, choices=Answer.choices)
    text = models.TextField(max_length=10_000, blank=True)

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        constraints = (
            models.UniqueConstraint(fields=["review", "group"], name="one_answer_per_group"),
            models.CheckConstraint(condition=~Q(answer=Answer.NEEDS_ACTION) | ~Q(text=""), name="needs_action_says_what"),
        )

    def __str__(self) -> str:
        return f"{self.group}: {self.answer}"
