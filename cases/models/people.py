"""The people of a case. One Person stands behind victims and suspects of all cases; names live only there."""

from django.db import models

from cases.enums import SafeNow, SuspectKnown, WishKind
from cases.models.case import Case
from kit.classification import Operational
from kit.history import History
from people.models import User


class Person(Operational):
    """Police only. Reached through the victim or suspect of a case that the reader may see."""

    name = models.CharField(max_length=200)
    aliases = models.CharField(max_length=400, blank=True)
    born_on = models.DateField(null=True, blank=True)
    force_person_number = models.CharField(max_length=40, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"

    def __str__(self) -> str:
        return f"person {self.pk}"


class Victim(Operational):
    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="victims")
    number = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    safe_now = models.CharField(max_length=20, choices=SafeNow.choices)
    safety_steps = models.TextField(max_length=2000, blank=True)
    # The one safe way for the first night; the communication plan takes over from it.
    safe_contact = models.TextField(max_length=1000, blank=True)

    unguarded = models.Manager()
    history = History()

    class Meta:
        default_manager_name = "unguarded"
        constraints = (models.UniqueConstraint(fields=["case", "number"], name="victim_number_once"),)

    def __str__(self) -> str:
        return f"V{self.number}"


class Wish(Operational):
    """What a victim wants, each time it was asked; never changed, only followed by the next."""

    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="wishes")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="wishes")
    wish = models.CharField(max_length=40, choices=WishKind.choices)
    said_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"

    def __str__(self) -> str:
        return f"{self.victim_id} {self.wish}"


class Suspect(Operational):
    guarded_by = "case"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="suspects")
    number = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    known = models.CharField(max_length=20, choices=SuspectKnown.choices)
    description = models.TextField(max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1)

    unguarded = models.Manager()
    history = History()

    class Meta:
        default_manager_name = "unguarded"
        constraints = (models.UniqueConstraint(fields=["case", "number"], name="suspect_number_once"),)

    def __str__(self) -> str:
        return f"S{self.number}"
