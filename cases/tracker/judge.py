"""What a row of a tracker says: a case that can be taken over, or every reason why not, in sentences that say what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from cases import deadlines
from cases.enums import EventKind, HappenedWhen, PlaceKind, Relationship
from cases.tracker import dates
from cases.tracker.fields import MEETS, Field
from cases.tracker.lists import CLOSED, NO_WORDS, NOBODY, Ambiguous, Lists
from kit import dates as words
from kit.tables import LONGEST_CELL

LONGEST_CRIME_NUMBER = 40
LONGEST_QUOTE = 60
# Reviews come every 28 days; a date further away is a slip of the pen, and nobody would look at the case until then.
FURTHEST_REVIEW = timedelta(days=92)
# Said wherever a crime number is not taken, whatever the reason: whoever reads it may not be allowed to know of the case that has it.
NOT_HERE = "This crime number cannot be logged here. Ask your supervisor to check."


class Refused(Exception):
    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__(*reasons)


@dataclass(frozen=True)
class Planned:
    """A case as its row tells it. Moments are aware."""

    crime_number: str
    reported_at: datetime
    recorded_at: datetime
    happened_when: str
    happened_from: date | None
    happened_to: date | None
    offence: Any
    unit_id: int
    officer_id: int | None
    relationship: str
    place_kind: str
    last_review_on: date | None
    next_review_on: date | None
    # What the tracker says was done, each with its moment.
    done: tuple[tuple[EventKind, datetime], ...]


def crime_number_of(text: str) -> str:
    """As it is kept: the same number in small letters or with a space behind it is the same number."""
    return " ".join(text.split()).upper()


def judge(cells: Mapping[Field, str], lists: Lists, now: datetime, zone: tzinfo, unit_id: int | None = None) -> Planned:
    """``cells``: what stands in the row, by field. ``unit_id``: the unit of every row of a tracker without a column for it.

    Raises Refused with every reason."""
    return Judge(cells, lists, now, zone, unit_id).planned()


class Judge:
    def __init__(self, cells: Mapping[Field, str], lists: Lists, now: datetime, zone: tzinfo, unit_id: int | None) -> None:
        self.cells, self.lists, self.now, self.zone, self.unit_id = cells, lists, now, zone, unit_id
        self.today = now.astimezone(zone).date()
        self.reasons: list[str] = []

    def planned(self) -> Planned:
        self.refuse_what_no_field_may_hold()
        crime_number = self.crime_number()
        self.refuse_closed_and_restricted()
        reported_at, recorded_at = self.times()
        first, last = self.happened(reported_at)
        offence, unit, officer = self.offence(first, last), self.unit(), self.officer()
        relationship = self.one_of(Field.RELATIONSHIP, Relationship.choices, Relationship.NOT_KNOWN_YET)
        place_kind = self.one_of(Field.PLACE_KIND, PlaceKind.choices, PlaceKind.NOT_KNOWN)
        last_review, next_review = self.reviews(reported_at, recorded_at)
        done = self.done(reported_at)
        if self.reasons:
            raise Refused(*dict.fromkeys(self.reasons))
        assert reported_at is not None and recorded_at is not None and unit is not None
        when = HappenedWhen.NOT_KNOWN if first is None else HappenedWhen.ON if first == last else HappenedWhen.BETWEEN
        return Planned(
            crime_number=crime_number,
            reported_at=reported_at,
            recorded_at=recorded_at,
            happened_when=when,
            happened_from=first,
            happened_to=last,
            offence=offence,
            unit_id=unit,
            officer_id=officer,
            relationship=relationship,
            place_kind=place_kind,
            last_review_on=last_review,
            next_review_on=next_review,
            done=done,
        )

    # Words ---------------------------------------------------------------------------------------------------------------

    def text(self, field: Field) -> str:
        return self.cells.get(field, "")

    def refuse(self, field: Field, sentence: str) -> None:
        self.reasons.append(f"{field.label}: {sentence}")

    def refuse_what_no_field_may_hold(self) -> None:
        """What is refused here is read no further."""
        clean = {}
        for field, text in self.cells.items():
            if text.startswith("="):
                self.refuse(field, "this is a formula. Write its result instead.")
            elif len(text) > LONGEST_CELL:
                self.refuse(field, "this is too long. Shorten it.")
            elif not text.isprintable():
                self.refuse(field, "this has a character that cannot be shown. Write it again.")
            else:
                clean[field] = text
        self.cells = clean

    def crime_number(self) -> str:
        number = crime_number_of(self.text(Field.CRIME_NUMBER))
        if not number:
            if not self.reasons:
                self.refuse(Field.CRIME_NUMBER, "it is missing.")
        elif len(number) > LONGEST_CRIME_NUMBER:
            self.reasons.append(NOT_HERE)
        return number

    def refuse_closed_and_restricted(self) -> None:
        status = self.text(Field.STATUS)
        meant = self.lists.status(status) if status else None
        if status and meant is None:
            self.refuse(Field.STATUS, f"{quoted(status)} is neither open nor closed. Say which it means before you load.")
        elif meant == CLOSED:
            self.reasons.append("A closed case is not taken over.")
        if self.text(Field.RESTRICTED).casefold() not in NO_WORDS:
            self.reasons.append("A restricted case is not taken over from a tracker. Log it by hand, and name who may see it.")

    def one_of(self, field: Field, choices: list[tuple[str, Any]], not_known: str) -> str:
        text = self.text(field)
        found = self.lists.one_of(field, text, choices) if text else not_known
        if found is None:
            self.refuse(field, f"{quoted(text)} is not in the list. Say what it means before you load.")
        return found or not_known

    # Dates ---------------------------------------------------------------------------------------------------------------

    def given(self, field: Field) -> dates.Read | None:
        text = self.text(field)
        try:
            return dates.read(text) if text else None
        except dates.Unclear as unclear:
            self.refuse(field, shortened(str(unclear)))
            return None

    def moment(self, field: Field, given: dates.Read, **limits: datetime | None) -> datetime | None:
        try:
            return dates.moment(given, self.zone, **limits)
        except dates.Unclear as unclear:
            self.refuse(field, str(unclear))
            return None

    def times(self) -> tuple[datetime | None, datetime | None]:
        """When it was reported and recorded. Where the tracker holds one of the two, it stands for both."""
        before = len(self.reasons)
        reported, recorded = self.given(Field.REPORTED), self.given(Field.RECORDED)
        if len(self.reasons) > before:
            return None, None
        if reported is None and recorded is None:
            self.refuse(Field.REPORTED, "write when it was reported or recorded.")
            return None, None
        reported_at = recorded_at = None
        if reported is not None and reported.at is not None:
            reported_at = self.moment(Field.REPORTED, reported)
        if recorded is not None:
            recorded_at = self.moment(Field.RECORDED, recorded, not_before=reported_at, not_after=self.now)
        if reported is not None and reported.at is None:
            reported_at = self.moment(Field.REPORTED, reported, not_after=recorded_at or self.now)
        reported_at = reported_at or (recorded_at if reported is None else None)
        recorded_at = recorded_at or (reported_at if recorded is None else None)
        if reported_at is not None and recorded_at is not None:
            if max(reported_at, recorded_at) > self.now:
                self.refuse(Field.REPORTED if reported_at > self.now else Field.RECORDED, "it cannot be later than now.")
            elif recorded_at < reported_at:
                self.refuse(Field.RECORDED, "it cannot be before the report.")
        return reported_at, recorded_at

    def happened(self, reported_at: datetime | None) -> tuple[date | None, date | None]:
        first, last = (given.day if (given := self.given(field)) else None for field in (Field.HAPPENED_FROM, Field.HAPPENED_TO))
        if first is None and last is not None and not self.text(Field.HAPPENED_FROM):
            self.refuse(Field.HAPPENED_FROM, "write the first possible date as well.")
        last = last or first
        if first is not None and last is not None:
            if last < first:
                self.refuse(Field.HAPPENED_TO, "it is before the first possible date.")
            elif reported_at is not None and last > reported_at.astimezone(self.zone).date():
                self.refuse(
                    Field.HAPPENED_TO if last != first else Field.HAPPENED_FROM, "it cannot have happened after it was reported."
                )
        return first, last

    def reviews(self, reported_at: datetime | None, recorded_at: datetime | None) -> tuple[date | None, date | None]:
        last, following = (
            given.day if (given := self.given(field)) else None for field in (Field.LAST_REVIEW, Field.NEXT_REVIEW)
        )
        if reported_at is None or recorded_at is None or recorded_at < reported_at:
            return last, following
        base = deadlines.review_base(reported_at, recorded_at, self.zone)
        if last is not None and last > self.today:
            self.refuse(Field.LAST_REVIEW, "it cannot be later than today.")
        elif last is not None and last < base:
            self.refuse(Field.LAST_REVIEW, "it cannot be before the case was recorded.")
        if following is not None and following <= max(base, last or base):
            self.refuse(Field.NEXT_REVIEW, "it must be after the case was recorded and after the last review.")
        elif following is not None and following > self.today + FURTHEST_REVIEW:
            self.refuse(
                Field.NEXT_REVIEW,
                f"{words.day(following)} is more than three months away. Reviews come every 28 days: write an earlier date, or leave it empty.",
            )
        return last, following

    def done(self, reported_at: datetime | None) -> tuple[tuple[EventKind, datetime], ...]:
        found = []
        for field, kind in MEETS.items():
            given = self.given(field)
            if given is None or reported_at is None:
                continue
            at = self.moment(field, given, not_before=reported_at, not_after=self.now)
            if at is not None and at > self.now:
                self.refuse(field, "it cannot be later than now.")
            elif at is not None and at < reported_at:
                self.refuse(field, "it cannot be before the report.")
            elif at is not None:
                found.append((kind, at))
        return tuple(found)

    # Our lists -----------------------------------------------------------------------------------------------------------

    def offence(self, first: date | None, last: date | None) -> Any:
        text = self.text(Field.OFFENCE)
        if not text:
            self.refuse_once(Field.OFFENCE, "it is missing.")
            return None
        return self.looked_up(
            Field.OFFENCE, text, lambda: self.lists.offence(text, first, last), "is not in the list of offences"
        )

    def officer(self) -> int | None:
        text = self.text(Field.OFFICER)
        if not text:
            return None
        found = self.looked_up(
            Field.OFFICER, text, lambda: self.lists.officer(text), "is nobody who can be officer in a case here"
        )
        return None if found == NOBODY else found

    def unit(self) -> int | None:
        text = self.text(Field.UNIT)
        if text:
            found = self.looked_up(Field.UNIT, text, lambda: self.lists.unit(text), "is no unit of this force")
        elif self.unit_id is not None:
            found = self.lists.unit_by_key.get(self.unit_id)
        else:
            self.refuse_once(Field.UNIT, "it is missing.")
            return None
        if found is not None and not found.is_supervised:
            self.refuse(
                Field.UNIT, f"you do not supervise {quoted(found.name)}. Ask its Detective Inspector to take its cases over."
            )
        return found.key if found is not None else None

    def refuse_once(self, field: Field, sentence: str) -> None:
        """Missing; unless what stood there was refused already."""
        if not any(reason.startswith(f"{field.label}: ") for reason in self.reasons):
            self.refuse(field, sentence)

    def looked_up(self, field: Field, text: str, find: Callable[[], Any], unknown: str) -> Any:
        try:
            found = find()
        except Ambiguous as ambiguous:
            self.refuse(field, f"{quoted(text)}: {ambiguous}")
            return None
        if found is None:
            self.refuse(field, f"{quoted(text)} {unknown}. Correct it, or say what it means before you load.")
        return found


def quoted(text: str) -> str:
    return f"“{text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + '…'}”"


def shortened(sentence: str) -> str:
    """Quotes at its start what stands in the cell, which may be long."""
    start, found, rest = sentence.partition("”")
    return f"{quoted(start.removeprefix('“'))}{rest}" if found else sentence
