"""The database refuses with a word; the sentence stands here."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DataError, ProgrammingError, transaction

from kit.access import NotVisible
from kit.refusal import Blocked

SENTENCES = {
    "ENDED": "This request has ended.",
    "STATE": "This request has gone on meanwhile. Look at its page again.",
    "NOBODY": "Say first which records are theirs. If nothing is held, end the request with that answer.",
    "UNDECIDED": "Some items are not decided, or say something else by now. Decide about them first.",
    "HELD": "Records were chosen as theirs, so something is held. Take back the choice first if that was an error.",
    "IDENTIFIED": "Who they are has been confirmed.",
    "NAMED": "Leave the name out: this text is kept after the record is erased.",
    "TOO_LATE": "Enter a day to come, no further off than the rule allows.",
    "LIFTED": "This hold has been lifted already.",
    "BLOCKED": "This record cannot be disposed of now. Look at its page: it says why.",
    "CHANGED": "Something about the record has changed since you opened this page. Look at it again.",
    "CHANGED_SINCE": "The record has changed since it was proposed. Refuse the proposal; it can be proposed anew.",
    "ANSWERED": "This proposal has been answered already.",
    "OWN_PROPOSAL": "It takes two people: whoever proposed it may only withdraw it, and nobody else may.",
    "NO_FURTHER_TIME": "No further time can be given: it was given already, or the answer is late.",
}


@contextmanager
def refusals() -> Iterator[None]:
    """What the database refuses by a rule is Blocked (409); what does not exist for this actor is not there (404)."""
    try:
        with transaction.atomic():
            yield
    except ProgrammingError as refused:
        if "rasso: " not in str(refused):
            raise
        raise NotVisible from None
    except DataError as refused:
        word = str(refused).split("rasso: ")[-1].split("\n")[0]
        raise Blocked(SENTENCES.get(word, "This cannot be done. Check what you have entered.")) from None
