"""How far a row of a tracker has come."""

from django.db.models import TextChoices


class ImportState(TextChoices):
    """How a row of a tracker stands that is taken over."""

    STAGED = "STAGED", "Not checked yet"
    READY = "READY", "Ready to load"
    LOADED = "LOADED", "Loaded"
    EXISTS = "EXISTS", "Exists"
    REFUSED = "REFUSED", "Refused"
    UNDONE = "UNDONE", "Taken back"
