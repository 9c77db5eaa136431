"""Reminders and the one message a day. Made by rasso.sweep (cases/sql), once, whatever happens to worker or clock."""

from django.db import models

from cases.enums import ReminderStage
from cases.models.review import Review
from kit.classification import Own, Reference
from people.models import User


class Reminder(Own):
    """One line on somebody's list: this review is due or late. The row itself is the notice in the application."""

    # No indexes of their own: the two below begin with these columns, and each further one slows the sweep down.
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+", db_index=False)
    stage = models.CharField(max_length=10, choices=ReminderStage.choices)
    due_on = models.DateField()
    made_at = models.DateTimeField()
    # The local day on which the stage was reached; the digest of that day speaks of it.
    made_on = models.DateField()

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (models.Index(fields=["owner", "made_on"], name="reminder_by_owner"),)
        constraints = (models.UniqueConstraint(fields=["review", "owner", "stage", "due_on"], name="reminded_once"),)

    def __str__(self) -> str:
        return f"{self.stage} {self.due_on} to {self.owner_id}"


class Digest(Own):
    """The one message a day to one person: “3 due, 1 late” and a link, nothing else. What it says is chosen when it is sent.

    Sent, dropped, waiting, or failed: after MOST_ATTEMPTS it is tried no more and stands as it is, for people to see.
    """

    MOST_ATTEMPTS = 5

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    local_date = models.DateField()
    send_after = models.DateTimeField()
    # Whoever sends it has it until then, in real time; after a failure, the time of the next attempt.
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Nothing was left to say when its turn came: everything had been done, or a later day's message says it.
    dropped_at = models.DateTimeField(null=True, blank=True)

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (models.Index(fields=["send_after"], condition=models.Q(sent_at=None, dropped_at=None), name="digest_waiting"),)
        constraints = (models.UniqueConstraint(fields=["owner", "local_date"], name="one_digest_a_day"),)

    def __str__(self) -> str:
        return f"digest of {self.local_date} to {self.owner_id}"


class Heartbeat(Reference):
    """When a job last came to its end, in real time. A clock that has stopped can say nothing itself; its row grows old."""

    job = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.job} {self.at}"
