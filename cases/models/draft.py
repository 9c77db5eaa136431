"""Half-filled long forms, each seen by its owner only."""

from django.db import models

from kit.classification import Own
from people.models import User


class Draft(Own):
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=40)
    # What the form is about, where it is about something: the key of a review.
    about = models.CharField(max_length=40, blank=True)
    payload = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        constraints = (models.UniqueConstraint(fields=["owner", "form", "about"], name="one_draft_of_a_form"),)

    def __str__(self) -> str:
        return f"draft of {self.form}"
