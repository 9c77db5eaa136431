"""“Export this list” of cases, of the review queue, of what is to be allocated and of the actions of a case. Each holds what the list shows: nobody's name but staff."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from cases.access import TABLE
from cases.enums import Act
from cases.forms.actions import ActionFilterForm
from cases.models import Case
from cases.queries.actions import LABELS, every_action
from cases.queries.case_list import every_case
from cases.queries.queue import every_review
from cases.queries.queue_filters import Show, Whose
from cases.queries.to_allocate import to_allocate
from cases.views.actions import action_filters
from cases.views.base import CasePageView
from cases.views.reviews import SUPERVISORS, QueueForm, queue_filters, supervises_units
from cases.views.show import case_filters, case_list_form
from kit.exports import Column, ExportList, filters_in_words
from kit.wording import before
from people.models import User
from people.queries import staff_on

# The parts of the queue that the numbers above it lead to.
PARTS = {
    Show.ALL: "",
    Show.ESCALATED: "Escalated to you",
    Show.LATE: "Late",
    Show.WEEK: "Due in the next 7 days",
    Show.LATER: "Later",
    Show.DUE: "Late, or due in the next 7 days",
}


class ExportRowsOfCases(ExportList):
    """What the exports of this module share: at the end, every case in the file is looked for again."""

    def has_changed(self, case_ids: list[UUID]) -> bool:
        still = Case.objects.visible_to(self.actor, Act.TAKE_OUT).filter(pk__in=case_ids).count()
        return still != len(case_ids) or super().has_changed(case_ids)


class ExportCases(ExportRowsOfCases):
    access = Act.VIEW
    table = TABLE
    file_name = "cases"
    heading = "Cases"
    columns = (
        Column("Reference", lambda row: row.reference),
        Column("Offence", lambda row: row.offence_group),
        Column("Recorded", lambda row: row.recorded_on),
        Column("Day", lambda row: row.day_number),
        Column("Officer in the case", lambda row: row.officer),
        Column("Next review due", lambda row: row.next_review_on),
        Column("Last contact with V1", lambda row: row.contact_on),
        Column("Ended", lambda row: row.status),
        Column("Restricted", lambda row: row.is_restricted),
    )

    def rows(self, most: int) -> Iterable[Any]:
        self.filters = case_list_form(self.request, staff_on(self.today).investigators)
        filters = replace(case_filters(self.request), kept=True)
        return every_case(self.actor, filters, self.today, timezone.get_default_timezone(), most)

    def case_id_of(self, row: Any) -> UUID:
        return row.id  # type: ignore[no-any-return]

    def filters_in_words(self) -> str:
        return filters_in_words(self.filters)


class ExportQueue(ExportRowsOfCases):
    access = SUPERVISORS
    file_name = "reviews"
    heading = "Reviews"
    columns = (
        Column("Where it stands", lambda row: row.section),
        Column("Review", lambda row: row.kind),
        Column("Due", lambda row: row.due_on),
        Column("Reference", lambda row: row.reference),
        Column("Offence", lambda row: row.offence_group),
        Column("Day", lambda row: row.day_number),
        Column("Officer in the case", lambda row: row.officer),
        Column("To be completed by", lambda row: row.signer),
        Column("Recorded since the last review", lambda row: row.changed),
        Column("Look at", lambda row: "; ".join(row.flags)),
        Column("You cannot complete it", lambda row: row.refusal),
        Column("Restricted", lambda row: row.is_restricted),
    )

    def rows(self, most: int) -> Iterable[Any]:
        asked = {"whose": Whose.MINE, **self.request.GET.dict()}
        officers = staff_on(self.today).investigators
        self.filters = QueueForm(asked, officers=officers, has_unit=supervises_units(self.actor), covers=bool(self.actor.covers))
        return every_review(self.actor, queue_filters(self.request), self.now, timezone.get_default_timezone(), most)

    def case_id_of(self, row: Any) -> UUID:
        return row.case_id  # type: ignore[no-any-return]

    def filters_in_words(self) -> str:
        part = PARTS[queue_filters(self.request).show]
        return ". ".join(words for words in (filters_in_words(self.filters), part) if words)


class ExportToAllocate(ExportRowsOfCases):
    access = Act.ALLOCATE
    table = TABLE
    file_name = "cases-to-allocate"
    heading = "Cases to allocate"
    columns = (
        Column("Reference", lambda row: row.case.reference),
        Column("Offence", lambda row: row.case.offence_group),
        Column("Recorded", lambda row: timezone.localdate(row.case.recorded_at)),
        Column("Day", lambda row: row.day_number),
        Column("Officer who no longer works it", lambda row: called(row.case.officer)),
        Column("Late", lambda row: row.work.late),
        Column(
            "What is late or due", lambda row: "; ".join(f"{before(line.what, ',')} due {line.due_on}" for line in row.work.lines)
        ),
    )

    def rows(self, most: int) -> Iterable[Any]:
        found = to_allocate(self.actor, self.now)
        rows = [*found.waiting, *(row for leaver in found.leavers for row in leaver.cases)]
        return rows[:most]

    def case_id_of(self, row: Any) -> UUID:
        return row.case.pk  # type: ignore[no-any-return]


class ExportActions(CasePageView, ExportRowsOfCases):
    file_name = "actions"
    columns = (
        Column("Action", lambda row: str(row.action)),
        Column("What must be done", lambda row: row.action.what),
        Column("Where it stands", lambda row: LABELS[row.place.state]),
        Column("To be done by", lambda row: row.action.owner.called),
        Column("Target date", lambda row: row.action.due_on),
        Column("Times extended", lambda row: row.action.extended_count),
        Column("More time asked until", lambda row: row.asked and row.asked.due_asked),
        Column("Look again on", lambda row: row.action.look_again_on),
        Column("Given", lambda row: row.action.given_at),
        Column("Given by", lambda row: row.action.given_by.called),
        Column("Done", lambda row: row.action.done_at),
        Column("Done by", lambda row: called(row.action.done_by)),
        Column("Verified", lambda row: row.action.verified_at),
        Column("Verified by", lambda row: called(row.action.verified_by)),
    )

    def rows(self, most: int) -> Iterable[Any]:
        self.load()
        self.refuse_to_take_out()
        self.heading = f"Actions of {self.case.reference}"
        return every_action(self.case, action_filters(self.request), self.today, most)

    def about(self) -> Iterable[UUID]:
        return [self.case.pk]

    def filters_in_words(self) -> str:
        on = action_filters(self.request)
        owners = [(str(user.pk), user.called) for user in User.objects.filter(pk__in=[on.owner_id or 0])]
        return filters_in_words(ActionFilterForm({"owner": on.owner_id or "", "state": on.state or ""}, owners=owners))


def called(user: Any) -> str:
    return user.called if user else ""
