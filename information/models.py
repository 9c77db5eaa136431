"""What an information manager keeps: rules with their sources, subject requests, retention reviews, holds, disposals, certificates.

Registers hold no name of anybody in a case and outlast the record that they speak of; what names somebody stands in tables of its own
and is erased with the record. Everything is written by database functions, which check who asks (information/sql); what has been decided
is never changed.
"""

from typing import Any

import uuid6
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cases.models import Person
from information.enums import (
    Answer,
    CameBy,
    Confidence,
    Decision,
    Ground,
    HoldAbout,
    HoldKind,
    Identity,
    Kept,
    Outcome,
    RequestState,
    RuleCode,
    SentHow,
    Unit,
    Why,
)
from kit.classification import Operational, Record, Reference
from people.models import User


def person_key() -> Any:
    return models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


def by_whom() -> Any:
    return models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)


class InformationRule(Reference):
    """A period of the law or the code of practice, with its source and how sure it is (information/rulepacks.py)."""

    profile = models.CharField(max_length=2)
    code = models.CharField(max_length=20, choices=RuleCode.choices)
    version = models.PositiveSmallIntegerField(default=1)
    label = models.CharField(max_length=200)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=10, choices=Unit.choices)
    # Groups of offences (cases/offences.py) that it is for; empty: whatever the offence.
    groups = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    basis = models.CharField(max_length=400)
    source = models.CharField(max_length=400)
    confidence = models.CharField(max_length=10, choices=Confidence.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["profile", "code", "version"], name="information_rule_once"),)

    def __str__(self) -> str:
        return f"{self.profile} {self.code} {self.version}"


class Register(Record):
    """Base of what outlasts the record of the person."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)

    class Meta:
        abstract = True


# Requests ------------------------------------------------------------------------------------------------------------


class SubjectRequest(Register):
    """Somebody asks what is held about them. Who it is stands in Requester."""

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=20, choices=RequestState.choices, default=RequestState.OPENED)
    came_by = models.CharField(max_length=20, choices=CameBy.choices)
    identity = models.CharField(max_length=20, choices=Identity.choices, default=Identity.NOT_YET)
    received_on = models.DateField()
    rule = models.ForeignKey(InformationRule, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    is_extended = models.BooleanField(default=False)
    opened_by = by_whom()
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    # Of the bundle that was sent.
    sent_how = models.CharField(max_length=20, choices=SentHow.choices, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    given = models.PositiveIntegerField(default=0)
    withheld = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("SENT", "REFUSED", "CLOSED"), ended_at__isnull=False)
                | ~Q(state__in=("SENT", "REFUSED", "CLOSED")) & Q(ended_at=None),
                name="request_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPENED) | Q(state__in=("REFUSED", "CLOSED")) | ~Q(identity=Identity.NOT_YET),
                name="nobody_is_searched_for_before_it_is_clear_who_asks",
            ),
        )

    def __str__(self) -> str:
        return f"Request {self.number}"

    @property
    def is_running(self) -> bool:
        return self.ended_at is None


class RequestStep(Register):
    """What was done with a request, one line each. Append-only."""

    request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=20, choices=RequestState.choices)
    because = models.TextField(max_length=2000, blank=True)
    by = by_whom()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.state} of {self.request_id}"


class Requester(Operational):
    """Who asks, where the answer goes, and what they ask for. Erased with their record."""

    request = models.OneToOneField(SubjectRequest, on_delete=models.PROTECT, related_name="requester")
    name = models.CharField(max_length=200, blank=True)
    reached_at = models.TextField(max_length=1000, blank=True)
    acts_through = models.CharField(max_length=200, blank=True)
    asks_for = models.TextField(max_length=2000, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"whoever made {self.request_id}"


class RequestPerson(Operational):
    """Somebody decided that a record is the requester's, or that it is not after all; the last word counts. Append-only."""

    request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="+")
    person = person_key()
    is_theirs = models.BooleanField()
    by = by_whom()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} of {self.request_id}"


class ItemDecision(Operational):
    """What is given of one item and what is not; the last word counts, while the item still says what it said then. Append-only."""

    request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="+")
    # Which text of which row: "cases_event.text", and its key.
    source = models.CharField(max_length=80)
    row_id = models.UUIDField()
    # SHA-256 of what it said.
    digest = models.CharField(max_length=64)
    decision = models.CharField(max_length=20, choices=Decision.choices)
    ground = models.CharField(max_length=20, choices=Ground.choices, blank=True)
    because = models.TextField(max_length=2000, blank=True)
    by = by_whom()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(decision=Decision.WITHHOLD) | ~Q(ground="") & ~Q(because=""), name="withheld_item_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.decision} of {self.source}"


# Retention -----------------------------------------------------------------------------------------------------------


class Hold(Register):
    """Nothing that it covers is disposed of while it stands. A case is named by its reference and not by a key, so that placing a hold
    tells nobody whether there is such a case. Append-only."""

    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=20, choices=HoldKind.choices)
    about = models.CharField(max_length=20, choices=HoldAbout.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reference = models.CharField(max_length=20, blank=True)
    because = models.TextField(max_length=2000)
    by = by_whom()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(about=HoldAbout.PERSON, person__isnull=False, reference="")
                | Q(about=HoldAbout.CASE, person=None) & ~Q(reference="")
                | Q(about=HoldAbout.EVERYTHING, person=None, reference=""),
                name="hold_says_what_it_covers",
            ),
        )

    def __str__(self) -> str:
        return f"Hold {self.number}"


class HoldEnd(Register):
    """A hold was lifted. Append-only."""

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="end")
    because = models.TextField(max_length=2000)
    by = by_whom()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"end of {self.hold_id}"


class Opening(Register):
    """An information manager opened one record that was due for review, and why. Until they decide they see it. Append-only."""

    person = person_key()
    because = models.TextField(max_length=2000)
    by = by_whom()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} opened"


class RetentionDecision(Register):
    """What a retention review found. Append-only."""

    person = person_key()
    # Within which it was decided; with it every earlier opening of the record ends.
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="+")
    why_due = models.CharField(max_length=20, choices=Why.choices)
    due_on = models.DateField()
    decision = models.CharField(max_length=20, choices=Kept.choices)
    # When a record that is kept is looked at again.
    next_on = models.DateField(null=True, blank=True)
    because = models.TextField(max_length=2000)
    by = by_whom()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(decision=Kept.KEEP, next_on__isnull=False) | Q(decision=Kept.DISPOSE, next_on=None),
                name="kept_record_is_looked_at_again",
            ),
        )

    def __str__(self) -> str:
        return f"{self.decision} {self.person_id}"


# Disposal ------------------------------------------------------------------------------------------------------------


class Disposal(Register):
    """Somebody proposes to erase what is held about one person. Append-only."""

    number = models.PositiveIntegerField(unique=True)
    person = person_key()
    rule = models.ForeignKey(InformationRule, on_delete=models.PROTECT, related_name="+")
    because = models.TextField(max_length=2000)
    # Of everything that the preview showed: what is approved is what was proposed.
    digest = models.CharField(max_length=64)
    proposed_by = by_whom()
    proposed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Disposal {self.number}"


class DisposalMark(Operational):
    """A text that may name the person and belongs to a case that others keep, and whether the name is taken out of it. Append-only."""

    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="marks")
    source = models.CharField(max_length=80)
    row_id = models.UUIDField()
    is_erased = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["disposal", "source", "row_id"], name="marked_once"),)

    def __str__(self) -> str:
        return f"{self.source} of {self.disposal_id}"


class DisposalAnswer(Register):
    """What a second person decided, or that the proposal was withdrawn. Append-only."""

    disposal = models.OneToOneField(Disposal, on_delete=models.PROTECT, related_name="answer")
    answer = models.CharField(max_length=20, choices=Answer.choices)
    because = models.TextField(max_length=2000)
    # Repeated from the proposal, so that the database itself refuses that one person does both.
    proposed_by = by_whom()
    by = by_whom()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(answer=Answer.WITHDRAWN, by=F("proposed_by")) | ~Q(answer=Answer.WITHDRAWN) & ~Q(by=F("proposed_by")),
                name="disposal_takes_two_people",
            ),
        )

    def __str__(self) -> str:
        return f"{self.answer} {self.disposal_id}"


class Certificate(Register):
    """That a record was erased, by whose word, under which rule, and how much of what; no name. Append-only, each holding on to the one
    before."""

    number = models.PositiveIntegerField(unique=True)
    disposal = models.OneToOneField(Disposal, on_delete=models.PROTECT, related_name="certificate")
    # Table -> how many values.
    erased = models.JSONField(default=dict)
    cases = ArrayField(models.UUIDField(), default=list)
    cases_emptied = models.PositiveIntegerField(default=0)
    erased_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    digest_before = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"Certificate {self.number}"


class Rewriting(Register):
    """The tables were written anew, so that what was erased stands in no page of the disk that the database still keeps. Append-only."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="rewriting")
    tables = ArrayField(models.CharField(max_length=80), default=list)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"rewriting for {self.certificate_id}"
