"""Half-filled long forms, and forms that were sent; each seen by its owner only."""

from django.db import models

from kit.classification import Own
from people.models import User

# The form of a case that somebody is logging.
LOG_CASE_DRAFT = "log-case"
# Where a draft of several pages keeps which draft it is; beside it stand the pages by name.
KEY = "key"


class Draft(Own):
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=40)
    # What the form is about, where it is about something: the key of a review.
    about = models.CharField(max_length=40, blank=True)
    payload = models.JSONField(default=dict)
    # By the key of each showing of the page: how often it had sent when what is kept was sent (kit.drafts.Sending).
    sendings = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        constraints = (models.UniqueConstraint(fields=["owner", "form", "about"], name="one_draft_of_a_form"),)

    def __str__(self) -> str:
        return f"draft of {self.form}"


class SentForm(Own):
    """A form that was sent once already, by the key that its page carries: sent again, it gets the same answer and does nothing."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    sent_at = models.DateTimeField()

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"

    def __str__(self) -> str:
        return f"form {self.pk}"
