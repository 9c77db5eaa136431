"""TABLE: what stands out in the record so that the auditor looks at it. One occurrence each, never a sum or a ranking of people.

rasso.find_signals (audit/sql/signals.sql) looks for them in the entries that a seal has just closed.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    OWN_NAME = "OWN_NAME"
    CONNECTED = "CONNECTED"
    AFTER_DEACTIVATION = "AFTER_DEACTIVATION"
    MANY_CASES = "MANY_CASES"
    OUTSIDE_UNIT = "OUTSIDE_UNIT"
    MANY_REFUSED = "MANY_REFUSED"
    NO_REQUESTER = "NO_REQUESTER"
    WAY_IN = "WAY_IN"
    PAST_THE_PRODUCT = "PAST_THE_PRODUCT"
    RESTRICTED = "RESTRICTED"
    OTHER_SUBJECT = "OTHER_SUBJECT"
    RUNNING_CASE = "RUNNING_CASE"


@dataclass(frozen=True)
class Signal:
    """``says``: what happened, in one line, with who and the number where there is one."""

    kind: Kind
    label: str
    says: str
    why: str
    # So many within an hour, whenever it began, by one person.
    threshold: int = 0


SIGNALS = (
    Signal(
        Kind.OWN_NAME,
        "Own name searched",
        "{who} searched for a word of their own name",
        "People look up what is held about themselves or their family.",
    ),
    Signal(
        Kind.CONNECTED,
        "Connected person",
        "{who}, who is recorded as connected with somebody in case {reference}, asked for it",
        "A connected person loses a case at once, so nothing of it should have been asked for since.",
    ),
    Signal(
        Kind.AFTER_DEACTIVATION,
        "After deactivation",
        "{who} used the site after their account was deactivated",
        "An account that was ended should leave nothing in the record; somebody may hold its session or password.",
    ),
    Signal(
        Kind.MANY_CASES,
        "Many cases in an hour",
        "{who} opened, printed, copied or exported {number} cases within one hour",
        "Nobody works on thirty cases in an hour one by one; a list is recorded as one entry and does not count.",
        threshold=30,
    ),
    Signal(
        Kind.OUTSIDE_UNIT,
        "Outside the unit",
        "{who} read case {reference} of a unit that is not theirs, under no right of their own that the record knows",
        "Whoever is given a case, covers for somebody or is told of an escalation has a right; this was read without one.",
    ),
    Signal(
        Kind.MANY_REFUSED,
        "Many refusals in an hour",
        "{who} was refused {number} times within one hour",
        "Ten refusals in an hour are no slips of the keyboard; somebody may be trying references.",
        threshold=10,
    ),
    Signal(
        Kind.NO_REQUESTER,
        "Another name searched for a subject request",
        "{who} searched the records for a name that whoever made the subject request does not bear",
        "An open request lets the information manager look for whoever made it; a former name or alias explains another search.",
    ),
    Signal(
        Kind.WAY_IN,
        "Way in given by an administrator",
        "{who} gave {person} a way in: {given}",
        "Whoever gives first passwords, removes second factors, gives roles or moves people and units could sign in as somebody else, or let somebody in.",
    ),
    Signal(
        Kind.PAST_THE_PRODUCT,
        "Changed past the product",
        "{number} rows were changed by the database login {login}, and not through RASSO",
        "An update of RASSO does this, on a day that is known; anything else needs an explanation.",
    ),
    Signal(
        Kind.RESTRICTED,
        "Case restricted",
        "{who} restricted case {reference} to the people named on it",
        "Whoever is not named loses the case at once, those above as well, and nobody of them can say whether it was late.",
    ),
    Signal(
        Kind.OTHER_SUBJECT,
        "Record of another name chosen for a subject request",
        "{who} said that a record is the requester’s in request {number}, and it bears another name",
        "Everything in a chosen record can be read for the request; a former name, an alias or a slip in writing explains it.",
    ),
    Signal(
        Kind.RUNNING_CASE,
        "Running case opened by a subject request",
        "{who} said that a record is the requester’s in request {number}, and it stands in case {reference}, which has not ended",
        "What the case holds about them is then read before the investigation has ended. Ask to see the request itself.",
    ),
)
BY_KIND = {signal.kind: signal for signal in SIGNALS}
