"""A force's own tracker that is being taken over: each run, and each row of its file. Seen by whoever runs it, and by nobody else."""

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.tracker.states import ImportState
from kit.classification import Own
from people.models import Unit, User


class ImportRun(Own):
    """How far it has come stands in its rows. The name of the file is not kept: it could name somebody."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # SHA-256 of the file, by which the same one is known again.
    digest = models.CharField(max_length=64)
    heads = models.JSONField(default=list)
    begun_at = models.DateTimeField()
    # Which column is which field, the unit of all rows, and what words of the tracker mean (cases/tracker).
    fields = models.JSONField(default=dict)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    said = models.JSONField(default=dict)
    mapped_at = models.DateTimeField(null=True, blank=True)
    # Nothing of its cases is escalated up to and with this day.
    quiet_until = models.DateField(null=True, blank=True)
    loading_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    # What stood in the file is kept no longer.
    erased_at = models.DateTimeField(null=True, blank=True)

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        constraints = (
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(loading_at__isnull=False), name="import_loads_before_it_ends"
            ),
        )

    def __str__(self) -> str:
        return f"tracker {self.pk}"


class ImportRow(Own):
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+", db_index=False)
    # As the spreadsheet program counts it.
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.STAGED)
    # Every reason why it was refused, a sentence a line.
    reasons = models.TextField(blank=True)
    crime_number = models.CharField(max_length=100, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # Something of it would be escalated on the first night.
    is_pressing = models.BooleanField(default=False)
    # The case that it became, or that was there already.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (
            models.Index(fields=["run", "state", "number"], name="import_row_by_state"),
            models.Index(fields=["run", "crime_number", "number"], name="import_row_by_crime_number"),
        )
        constraints = (models.UniqueConstraint(fields=["run", "number"], name="import_row_once"),)

    def __str__(self) -> str:
        return f"row {self.number} of {self.run_id}"
