"""Long forms that change what stands there already, and never write over anybody's work.

Two people change one thing: the second is shown both texts, field by field, and chooses. Three versions are compared: what stood
there when they opened it, what somebody else made of it, and what they typed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from uuid6 import uuid7

from cases import operations
from cases.models import Draft
from cases.views.drafts import KeepsDraft, is_to_be_kept
from kit import dates
from kit.drafts import typed_in
from kit.refusal import Blocked, ChangedMeanwhile, SentBefore
from people.models import User

KEEP = "keep-"
MINE, THEIRS = "mine", "theirs"
# No version has more digits; the database would refuse the number.
LONGEST = 9
LOAD_AGAIN = "What this page was opened on is not there any more. Load the page again."


@dataclass(frozen=True)
class Difference:
    """One field that two people filled differently. ``chosen``: whose text is chosen already. ``changed_by``: who changed it, where
    only one of them did, so that the choice is clear."""

    name: str
    label: str
    mine: str
    theirs: str
    chosen: str
    changed_by: str

    @property
    def control(self) -> str:
        return f"{KEEP}{self.name}"

    @property
    def why(self) -> str:
        """Why one text is chosen beforehand."""
        return {MINE: "Only you changed this.", THEIRS: "Only they changed this."}.get(
            self.changed_by, "Both of you changed this."
        )


class EditCase(KeepsDraft):
    """A page with a long form about something of a case that has a version.

    Subclasses give ``draft_form`` (the name under which a draft is kept), ``row`` (what stands there now, None for nothing yet),
    ``answers_of`` (a row, or one of its history, as the values of the form), ``answers_of_nothing`` where an empty form holds
    something all the same, and ``perform``, which passes ``version`` on.
    """

    # What subclasses say ------------------------------------------------------------------------------------------------

    def row(self) -> Any:
        raise NotImplementedError(f"{type(self).__name__}.row")

    def answers_of(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError(f"{type(self).__name__}.answers_of")

    def answers_of_nothing(self) -> dict[str, Any]:
        return {}

    # The form ------------------------------------------------------------------------------------------------------------

    def initial(self) -> dict[str, Any]:
        row = self.row()
        answers = self.answers_of(row) if row is not None else self.answers_of_nothing()
        return {**answers, "version": row.version if row is not None else 0}

    def context(self, form: Any) -> dict[str, Any]:
        context = super().context(form)
        return {**context, "changed_since": self.changed_since(context["draft"]) if context["draft"] else ""}

    def changed_since(self, draft: Draft) -> str:
        """What happened to it since the draft was begun; nothing where it still says the same."""
        row = self.row()
        begun_on = draft.payload.get("version", [""])[0]
        return changed(row, self.today) if row is not None and begun_on != str(row.version) else ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "merging" in request.POST and not is_to_be_kept(request):
            return self.merge(request)
        try:
            return super().post(request, *args, **kwargs)
        except ChangedMeanwhile:
            return self.show_both(request.POST)

    def sent_before(self) -> HttpResponse:
        """Nothing to do, unless the same page was sent again with other words: then nothing of them may get lost."""
        data = self.request.POST
        with self.reading():
            self.load()
            row = self.row()
            is_same = row is None or not list(self.differences(row, data))
        return super().sent_before() if is_same else self.show_both(data, once=uuid7())

    # Two people, one thing ----------------------------------------------------------------------------------------------

    def show_both(self, data: QueryDict, unanswered: Iterable[str] = (), once: UUID | None = None) -> HttpResponse:
        """Both texts, the fields that differ marked; everything typed goes along, and is kept as a draft as well."""
        opened = opened_on(data)
        with self.reading():
            self.load()
            row = self.row()
        if row is None:
            return self.show_again(self.build(data, {}), (LOAD_AGAIN,))
        typed = {name: values for name, values in typed_in(data).items() if is_typed(name)}
        draft = {"form": self.draft_form, "about": self.about}
        operations.save_draft(actor=self.actor, **draft, payload={**typed, "version": [opened]})
        with self.reading():
            self.load()
            row = self.row()
            differences = list(self.differences(row, data))
            missing = [d for d in differences if d.control in unanswered]
            context = {
                "case": self.case,
                "bar": self.bar(),
                "heading": self.heading,
                "once": once or self.once or uuid7(),
                "differences": differences,
                "changed": f"{changed(row, self.today)} Yours is kept below.",
                "typed": [(name, value) for name, values in typed.items() for value in values],
                "version": row.version,
                "opened": opened,
                "missing": missing,
            }
            return self.render(context, status=422 if missing else 409, cases=self.case_ids(), template="cases/conflict.html")

    def differences(self, row: Any, data: QueryDict) -> Iterator[Difference]:
        theirs, mine = self.build(None, self.answers_of(row)), self.build(data, {})
        opened = self.before(row, opened_on(data))
        is_seen = data.get("version") == str(row.version)
        seen = theirs if is_seen else self.before(row, data.get("version", ""))
        for bound in mine.visible_fields():
            name, my_text, their_text = bound.name, in_words(bound), in_words(theirs[bound.name])
            if my_text == their_text:
                continue
            # What they say now was not seen when it was chosen, so it is to be chosen anew.
            chosen = data.get(f"{KEEP}{name}", "") if seen is not None and in_words(seen[name]) == their_text else ""
            changed_by = only_one(in_words(opened[name]), my_text, their_text) if opened is not None else ""
            answer = chosen if chosen in (MINE, THEIRS) else changed_by
            yield Difference(name, str(bound.label), my_text, their_text, answer, changed_by)

    def before(self, row: Any, version: str) -> forms.Form | None:
        """What stood there when the form was opened; None where that cannot be told."""
        if version == "0":
            return self.build(None, self.answers_of_nothing())
        opened = row.history.filter(version=int(version)).first() if version.isdecimal() and len(version) < LONGEST else None
        return self.build(None, self.answers_of(opened)) if opened is not None else None

    def merge(self, request: HttpRequest) -> HttpResponse:
        """Put together what was chosen of both texts, and save that, unless it was changed once more."""
        data = request.POST
        with self.reading():
            self.load()
            row = self.row()
            if row is None:
                return self.show(self.form(), status=409)
            is_seen = str(row.version) == data.get("version")
            unanswered = [d.control for d in self.differences(row, data) if data.get(d.control) not in (MINE, THEIRS)]
            chosen = self.chosen_of_both(row, data)
            is_same = not is_seen and not list(self.differences(row, chosen))
            merged = self.build(chosen, {})
            is_valid = merged.is_valid()
        if is_same:
            return self.answered(super().sent_before())
        if unanswered or not is_seen:
            return self.show_both(data, unanswered if is_seen else ())
        if not is_valid:
            return self.show_again(merged, (), status=422)
        return self.save_merged(merged, data)

    def chosen_of_both(self, row: Any, data: QueryDict) -> QueryDict:
        """What was typed, with their text wherever that was chosen: theirs as the page of two texts showed it."""
        chosen = data.copy()
        is_seen = data.get("version") == str(row.version)
        theirs = self.build(None, self.answers_of(row)) if is_seen else self.before(row, data.get("version", ""))
        for bound in theirs if theirs is not None else ():
            if data.get(f"{KEEP}{bound.name}") == THEIRS:
                chosen.setlist(bound.name, sent_values(bound))
        return chosen

    def save_merged(self, merged: forms.Form, data: QueryDict) -> HttpResponse:
        try:
            answer = self.perform(merged)
        except ChangedMeanwhile:
            return self.show_both(data)
        except SentBefore:
            answer = super().sent_before()
        except Blocked as refused:
            return self.show_again(merged, refused.reasons)
        return self.answered(answer)

    def show_again(self, form: forms.Form, reasons: Iterable[str], *, status: int = 409) -> HttpResponse:
        """The form itself once more, with what was typed or put together, and what stands in the way."""
        with self.reading():
            self.load()
            form.is_valid()
            for reason in reasons:
                form.add_error(None, reason)
            return self.show(form, status=status)


def opened_on(data: QueryDict) -> str:
    """The version that stood there when the form was first opened; the page of two texts hands it on."""
    return data.get("opened") or data.get("version", "")


def only_one(before: str, mine: str, theirs: str) -> str:
    """Whose text to take where only one of two changed it; nothing where both did."""
    return {mine: THEIRS, theirs: MINE}.get(before, "")


def is_typed(name: str) -> bool:
    return name not in ("version", "opened") and not name.startswith(KEEP)


def sent_values(field: forms.BoundField) -> list[str]:
    """The value of an unbound field as a browser would send it."""
    value = field.value()
    values = value if isinstance(value, list | tuple) else [value]
    return [str(one) for one in values if one not in (None, "")]


def in_words(field: forms.BoundField) -> str:
    """What stands in a control, in the words of the page; several choices in the order of the page."""
    values = sent_values(field)
    words = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
    if words:
        known = [label for key, label in words.items() if key in values]
        return ", ".join(known + [value for value in values if value not in words])
    return ", ".join(value.replace("\r\n", "\n").strip() for value in values)


def changed(row: Any, today: date) -> str:
    """This was changed at 10:42 by DC Invented Name."""
    last = row.history.order_by("-history_date", "-history_id").first()
    by = User.objects.filter(pk=last.history_user_id).first() if last else None
    return f"This was changed {when(last, today)}{f' by {by.called}' if by else ''}."


def when(last: Any, today: date) -> str:
    if last is None:
        return "meanwhile"
    changed_at = timezone.localtime(last.history_date)
    is_today = timezone.localdate(changed_at) == today
    return f"at {dates.time_of_day(changed_at)}" if is_today else f"on {dates.day_and_time(changed_at)}"
