"""What the officer of an invented case does besides adding entries: context, lines, arrest and bail, devices, checks; and how it ends."""

from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from cases import operations
from cases.enums import ClosingGrounds, EventKind, LineState, Relationship, ReopeningReason, SuspectKnown
from cases.models import Event, LineOfEnquiry
from kit.access import Actor
from kit.binding import Bound, bound_to
from rasso.demonstration import substance
from rasso.demonstration.timeline import Act

if TYPE_CHECKING:
    from rasso.demonstration.story import Story

# Days after the officer has the case.
CONTEXT_AFTER, ACCOUNT_AFTER, CHECK_AFTER, ARREST_AFTER, DEVICE_AFTER = 2, 3, 4, 6, 8
LINES_END_AFTER = 25
ENDS_AFTER = 45
TAKEN_UP_AGAIN_AFTER = 75
BAIL_FOR = timedelta(days=28)


class Investigation:
    """Plans its acts into the story's days. Whatever lies today or later is left to whoever tries the demonstration."""

    def __init__(self, story: "Story", relationship: str, known: str) -> None:
        self.story = story
        self.relationship = relationship
        self.is_named = known == SuspectKnown.NAMED
        self.number = story.number
        self.outline = story.outline

    def plan(self, begun: date) -> None:
        day = begun + timedelta(days=1)
        if self.number % 5:
            self._on(day + timedelta(days=CONTEXT_AFTER), self.record_context)
        self._on(day + timedelta(days=ACCOUNT_AFTER), self._entry(EventKind.VICTIM_ACCOUNT, substance.ACCOUNT))
        lines = substance.LINES[: 2 + self.number % 3]
        for place, (line, later) in enumerate(lines, start=1):
            self._on(day + timedelta(days=CONTEXT_AFTER), partial(self.add_line, line))
            if later is not None or self.outline.calm:
                ended = later or operations.Line(line.what, line.leads, LineState.PURSUED, "Followed to its end.")
                after = timedelta(days=LINES_END_AFTER + place)
                self._on(day + after, partial(self.change_line, place, ended))
        if self.is_named:
            self.plan_suspect(day)
        if self.number % 4 == 0 and not self.outline.calm:
            self.plan_device(day)
        if self.outline.struck:
            self._on(self.story.timeline.today - timedelta(days=3), self.make_a_mistake)
        if self.outline.ends:
            self.plan_end(begun)

    def plan_suspect(self, day: date) -> None:
        check = substance.REPEAT_CHECKS[self.number % len(substance.REPEAT_CHECKS)]
        self._on(day + timedelta(days=CHECK_AFTER), self._entry(EventKind.REPEAT_SUSPECT_CHECK, check, subject="S1"))
        if self.outline.calm:
            return
        arrest = self.story.timeline.today - timedelta(days=4) if self.outline.untold else day + timedelta(days=ARREST_AFTER)
        steps = (
            (EventKind.SUSPECT_ARRESTED, substance.ARRESTED),
            (EventKind.SUSPECT_INTERVIEWED, substance.INTERVIEWED),
            (EventKind.SUSPECT_BAILED, substance.BAIL),
        )
        for hours, (kind, text) in enumerate(steps):
            self._on(arrest, self.against_suspect(kind, text), hours=hours)

    def plan_device(self, day: date) -> None:
        taken = day + timedelta(days=DEVICE_AFTER)
        self._on(taken, self._entry(EventKind.DEVICE_TAKEN, substance.DEVICE, subject="D1"))
        if self.number % 8:
            back = self._entry(EventKind.DEVICE_RETURNED, substance.DEVICE_BACK, subject="D1")
            self._on(taken + timedelta(days=1), back, hours=-2)

    def plan_end(self, begun: date) -> None:
        ends = begun + timedelta(days=ENDS_AFTER)
        self._on(ends, self.close)
        if self.outline.reopened:
            self.story.plan_on(begun + timedelta(days=TAKEN_UP_AGAIN_AFTER), self.reopen, even_if_ended=True)

    # The acts -----------------------------------------------------------------------------------------------------------

    def record_context(self, now: datetime) -> None:
        answers = substance.CONTEXTS[self.number % len(substance.CONTEXTS)]
        relationship = Relationship(self.relationship)
        operations.record_context(self.story.case, actor=self._officer(), version=0, relationship=relationship, answers=answers)

    def add_line(self, line: operations.Line, now: datetime) -> None:
        operations.add_line(self.story.case, actor=self._officer(), line=line)

    def change_line(self, number: int, line: operations.Line, now: datetime) -> None:
        with self._reading():
            row = LineOfEnquiry.unguarded.get(case=self.story.case, number=number)
        operations.change_line(row, actor=self._officer(), version=row.version, line=line)

    def against_suspect(self, kind: EventKind, text: str) -> Act:
        def act(now: datetime) -> None:
            until = timezone.localdate(now + BAIL_FOR) if kind == EventKind.SUSPECT_BAILED else None
            (event,) = operations.record_event(
                self.story.case, actor=self._officer(), kind=kind, at=now, text=text, subject="S1", until=until
            )
            if not self.outline.untold:
                self.story.timeline.plan(now + timedelta(hours=5), lambda later: self.tell_victim(event, later))

        return act

    def tell_victim(self, event: Event, now: datetime) -> None:
        operations.record_event(
            self.story.case,
            actor=self._officer(),
            kind=EventKind.VICTIM_TOLD,
            at=now,
            text=substance.TOLD,
            subject="V1",
            about=[event.pk],
        )

    def make_a_mistake(self, now: datetime) -> None:
        (event,) = operations.record_event(
            self.story.case, actor=self._officer(), kind=EventKind.ENQUIRY, at=now, text=substance.MISTAKE
        )
        operations.strike_event(event, actor=self._officer(), because=substance.STRUCK)

    def close(self, now: datetime) -> None:
        grounds = ClosingGrounds(self.outline.ends)
        words = (
            "Their file number is in the records system." if grounds == ClosingGrounds.TAKEN_OVER else "V1 was told in person."
        )
        self.story.has_ended = True
        operations.close_case(self.story.case, actor=self.story.cast.actor("inspector"), grounds=grounds, text=words)

    def reopen(self, now: datetime) -> None:
        operations.reopen_case(
            self.story.case,
            actor=self.story.cast.actor("inspector"),
            why=ReopeningReason.SENT_BACK,
            text="It happened here after all.",
        )
        self.story.reopened(now)

    # How ----------------------------------------------------------------------------------------------------------------

    def _on(self, day: date, act: Act, *, hours: int = 0) -> None:
        self.story.plan_on(day, act, hours=hours)

    def _entry(self, kind: EventKind, text: str, *, subject: str = "") -> Act:
        def act(now: datetime) -> None:
            operations.record_event(self.story.case, actor=self._officer(), kind=kind, at=now, text=text, subject=subject)

        return act

    def _officer(self) -> Actor:
        return self.story.cast.actor(self.story.officer)

    def _reading(self) -> AbstractContextManager[Bound]:
        user = self.story.cast.users[self.story.officer]
        return bound_to(user.pk, user.kind, may_write=False)
