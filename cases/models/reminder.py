"""Reminders, the messages that tell of them, and when each job last ran. Made by rasso.sweep (cases/sql), once, whatever happens to
worker or clock."""

from django.db import models
from django.db.models import Q

from cases.enums import MessageKind, ReminderAbout, ReminderStage
from cases.models.case import Case
from kit.classification import Operational, Own, Reference
from people.models import User


class Reminder(Own):
    """One line on somebody's list: a review, a time limit or an action is coming, due, late or escalated to them. The row itself is
    the notice in the application; it holds nothing of the case."""

    # No indexes of their own and no constraints, neither to what it is about nor to its owner: each would slow the sweep down. Nobody is
    # ever deleted, and of what it is about nothing is but by the undoing of an import. Messages hold to their owner.
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    about = models.CharField(max_length=10, choices=ReminderAbout.choices)
    about_id = models.UUIDField()
    stage = models.CharField(max_length=10, choices=ReminderStage.choices)
    due_on = models.DateField()
    made_at = models.DateTimeField()
    # The local day on which the stage was reached; the digest of that day speaks of it.
    made_on = models.DateField()

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (models.Index(fields=["owner", "made_on"], name="reminder_by_owner"),)
        constraints = (models.UniqueConstraint(fields=["about_id", "stage", "due_on", "owner"], name="reminded_once"),)

    def __str__(self) -> str:
        return f"{self.about} {self.stage} {self.due_on} to {self.owner_id}"


class EscalationAnswer(Operational):
    """What somebody will do about what was escalated to them. It stops the messages of that stage, not the lateness. Insert-only."""

    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=10, choices=ReminderAbout.choices)
    about_id = models.UUIDField()
    stage = models.CharField(max_length=10, choices=ReminderStage.choices)
    due_on = models.DateField()
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (models.Index(fields=["about_id"], name="answer_by_thing"),)

    def __str__(self) -> str:
        return f"answer to {self.about} {self.stage} {self.due_on}"


class Message(Own):
    """A message that leaves the system: the one of the day (“3 due, 1 late” and a link, nothing else), or that of one escalation.
    What it says is chosen when it is sent.

    Sent, dropped, waiting, or failed: after MOST_ATTEMPTS it is tried no more, and stands on the administrator's page until
    somebody has it tried again.
    """

    MOST_ATTEMPTS = 5

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=MessageKind.choices, default=MessageKind.DIGEST)
    local_date = models.DateField()
    # The escalation that it tells of. Without a constraint: the sweep makes both in one statement.
    reminder = models.ForeignKey(
        Reminder, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False, db_constraint=False
    )
    send_after = models.DateTimeField()
    # Whoever sends it has it until then, in real time; after a failure, the time of the next attempt.
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Nothing was left to say when its turn came: everything had been done, or a later day's message says it.
    dropped_at = models.DateTimeField(null=True, blank=True)
    # What kind of fault the last attempt met: the name of the error, never its text, which can hold an address.
    last_error = models.CharField(max_length=100, blank=True)

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (models.Index(fields=["send_after"], condition=Q(sent_at=None, dropped_at=None), name="message_waiting"),)
        constraints = (
            models.UniqueConstraint(
                fields=["owner", "local_date"], condition=Q(kind=MessageKind.DIGEST), name="one_digest_a_day"
            ),
            models.UniqueConstraint(fields=["reminder"], condition=Q(reminder__isnull=False), name="one_message_an_escalation"),
            models.CheckConstraint(
                condition=Q(kind__in=(MessageKind.DIGEST, MessageKind.ALERT), reminder=None)
                | Q(kind=MessageKind.ESCALATION, reminder__isnull=False),
                name="message_of_an_escalation_names_it",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.local_date} to {self.owner_id}"


class Heartbeat(Reference):
    """How a job ran last, in real time and in numbers only. A clock that has stopped can say nothing itself; its row grows old."""

    job = models.CharField(max_length=40, primary_key=True)
    # When it last came to its end, when it last began, and when it last broke off.
    at = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=100, blank=True)
    # What the last run did: {"made": 3, "seconds": 0.2}; while it runs, how far it has come.
    result = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.job} {self.at}"
