"""What kind of content a table holds; declared on each model's base class, held by the database (rasso/database.py)."""

import enum

import uuid6
from django.db import models


class Classification(enum.Enum):
    OPERATIONAL = "Operational: police only, under row-level security"
    RECORD = "Record of access: written by everyone through a function, read by auditors"
    OWN = "Own: each person sees only their own rows"
    PERSONNEL = "Personnel: who works here, in which unit and role"
    REFERENCE = "Reference: rules, offences and other lists that hold no person"


class Classified(models.Model):
    """Every model of ours states its classification by inheriting one of the classes below."""

    classification: Classification

    class Meta:
        abstract = True


class Operational(Classified):
    """Content of a case. The key is opaque and made here: a counted one would tell how many cases there are, and one made
    by the database could only be returned to someone who may already read the row."""

    classification = Classification.OPERATIONAL
    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)

    class Meta:
        abstract = True


class OperationalHistory(Classified):
    """Base of the tables that django-simple-history makes for operational models."""

    classification = Classification.OPERATIONAL

    class Meta:
        abstract = True


class Record(Classified):
    classification = Classification.RECORD

    class Meta:
        abstract = True


class Own(Classified):
    classification = Classification.OWN
    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)

    class Meta:
        abstract = True


class Personnel(Classified):
    classification = Classification.PERSONNEL

    class Meta:
        abstract = True


class Reference(Classified):
    classification = Classification.REFERENCE

    class Meta:
        abstract = True
