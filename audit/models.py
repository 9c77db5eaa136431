"""What proves the record and what the auditor does with it. All of it is append-only, and holds no value of a case."""

from typing import Any

import uuid6
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kit.classification import Record

# The logins of our own processes; a change by any other was made past the product.
OWN_LOGINS = ("rasso_web", "rasso_worker")


class DataChange(Record):
    """One row of a table changed: when, by whom, which columns. Written only by the trigger rasso.audit_change.

    No values: the digests are keyed by a secret that no login reads, so that disposal can erase a value and nothing here gives it back.
    """

    class Command(models.TextChoices):
        INSERT = "INSERT", "Added"
        UPDATE = "UPDATE", "Changed"
        DELETE = "DELETE", "Deleted"
        TRUNCATE = "TRUNCATE", "Emptied"
        # What stood there when the trigger was put on, or when a migration took columns away.
        BASELINE = "BASELINE", "Found"

    at = models.DateTimeField()
    # Nobody: a job of the server's own, or somebody at the database itself; then the login tells which.
    user_id = models.BigIntegerField(null=True)
    login = models.CharField(max_length=63)
    table_name = models.CharField(max_length=63)
    row_key = models.CharField(max_length=40)
    case_id = models.UUIDField(null=True)
    command = models.CharField(max_length=10, choices=Command.choices)
    columns = ArrayField(models.CharField(max_length=63), default=list)
    old_digest = models.BinaryField(null=True)
    new_digest = models.BinaryField(null=True)
    xact = models.BigIntegerField()
    cluster = models.BigIntegerField()

    class Meta:
        indexes = (
            # What an entry of the access record changed stands under the same transaction; and seals go by it.
            models.Index(fields=["cluster", "xact", "id"], name="data_change_by_transaction"),
            models.Index(fields=["at"], condition=~Q(login__in=OWN_LOGINS), name="data_change_past_the_product"),
        )

    def __str__(self) -> str:
        return f"{self.command} {self.table_name} {self.row_key}"


class Seal(Record):
    """A range of finished transactions, closed: the digests of its entries of both tables, chained to the seal before it."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    cluster = models.BigIntegerField()
    # Entries of this cluster with lo <= xact < hi.
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    # Which columns were sealed: rasso.sealed_rows knows each form there ever was.
    form = models.PositiveSmallIntegerField()
    rows = models.BigIntegerField()
    # When the newest of the entries was written.
    last_at = models.DateTimeField()
    # Sixteen bytes of each entry, in order, so that one that was changed can be named.
    row_digests = models.BinaryField()
    digest = models.BinaryField()
    prev = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        indexes = (models.Index(fields=["cluster", "-number"], name="seal_by_cluster"),)

    def __str__(self) -> str:
        return f"seal {self.number}"


class Check(Record):
    """A run over the whole record, a slice at a time: who asked, how far it has come, what was found."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    by_id = models.BigIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # The last seal that this run looks at, as it was when it began, and the next one to look at.
    last_number = models.BigIntegerField()
    last_hash = models.BinaryField(null=True)
    next_number = models.BigIntegerField(default=1)
    # The tables of the audit trigger that have been compared.
    tables_done = models.PositiveSmallIntegerField(default=0)
    entries = models.BigIntegerField(default=0)
    not_sealed = models.BigIntegerField(default=0)
    # The first faults: {"seal", "fault", "part", "entry", "at", "table", "row"}, each with what it knows.
    faults: Any = models.JSONField(default=list)

    class Meta:
        indexes = (models.Index(fields=["-began_at"], name="check_newest"),)

    def __str__(self) -> str:
        return f"check begun {self.began_at:%Y-%m-%d %H:%M}"


class KeptSeal(Record):
    """The newest seal was handed out to be kept elsewhere: when, and by whom."""

    number = models.BigIntegerField()
    hash = models.BinaryField()
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"seal {self.number} kept elsewhere"


class Signal(Record):
    """Something that stands out in the record (audit/signals.py), found when it was sealed; one occurrence."""

    kind = models.CharField(max_length=30)
    # 1: an entry of the access record; 2: a change of data.
    part = models.PositiveSmallIntegerField()
    entry_id = models.BigIntegerField()
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    case_id = models.UUIDField(null=True)
    number = models.IntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "part", "entry_id", "case_id"], nulls_distinct=False, name="signal_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.entry_id}"


class SignalAnswer(Record):
    """What the auditor said of something to look at; several in turn, the last one stands."""

    class Answer(models.TextChoices):
        EXPLAINED = "EXPLAINED", "Explained"
        REFERRED = "REFERRED", "Refer to professional standards"

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    words = models.CharField(max_length=1000)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.signal_id} {self.answer}"


class Breach(Record):
    """The register of breaches of personal data: what happened, without content, and what was decided about telling the regulator."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    # From when the 72 hours run.
    known_at = models.DateTimeField()
    what = models.CharField(max_length=1000)
    people_about = models.PositiveIntegerField(null=True)
    entered_by_id = models.BigIntegerField()
    entered_at = models.DateTimeField()
    # Told, or decided that it need not be; and why.
    reported_at = models.DateTimeField(null=True)
    is_not_reported = models.BooleanField(default=False)
    because = models.CharField(max_length=1000, default="")
    decided_by_id = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by_id=None, reported_at=None, is_not_reported=False)
                | Q(decided_by_id__isnull=False) & ~Q(because="") & (Q(reported_at__isnull=False) | Q(is_not_reported=True)),
                name="breach_decided_says_by_whom_and_why",
            ),
        )

    def __str__(self) -> str:
        return f"breach known {self.known_at:%Y-%m-%d %H:%M}"
