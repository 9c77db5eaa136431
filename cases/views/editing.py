"""Long forms that change what stands there already, and never write over anybody's work.

Two people change one thing: the second is shown both texts, field by field, and chooses. Three versions are compared: what stood
there when they opened it, what somebody else made of it, and what they typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from cases.views.drafts import KeepsDraft, is_to_be_kept
from kit import dates
from kit.drafts import typed_in
from kit.refusal import ChangedMeanwhile
from people.models import User

KEEP = "keep-"
MINE, THEIRS = "mine", "theirs"
# No version has more digits; the database would refuse the number.
LONGEST = 9


@dataclass(frozen=True)
class Difference:
    """One field that two people filled differently. ``chosen``: which stands there already, because only one of them changed it."""

    name: str
    label: str
    mine: str
    theirs: str
    chosen: str

    @property
    def control(self) -> str:
        return f"{KEEP}{self.name}"


class EditCase(KeepsDraft):
    """A page with a long form about something of a case that has a version.

    Subclasses give ``draft_form`` (the name under which a draft is kept), ``row`` (what stands there now, None for nothing yet),
    ``answers_of`` (a row, or one of its history, as the values of the form) and ``perform``, which passes ``version`` on.
    """

    # What subclasses say ------------------------------------------------------------------------------------------------

    def row(self) -> Any:
        raise NotImplementedError(f"{type(self).__name__}.row")

    def answers_of(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError(f"{type(self).__name__}.answers_of")

    # The form ------------------------------------------------------------------------------------------------------------

    def initial(self) -> dict[str, Any]:
        row = self.row()
        return {**(self.answers_of(row) if row is not None else {}), "version": row.version if row is not None else 0}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "merging" in request.POST and not is_to_be_kept(request):
            return self.merge(request)
        try:
            return super().post(request, *args, **kwargs)
        except ChangedMeanwhile:
            return self.show_both(request.POST)

    # Two people, one thing ----------------------------------------------------------------------------------------------

    def show_both(self, data: QueryDict, unanswered: Iterable[str] = ()) -> HttpResponse:
        """Both texts, the fields that differ marked; everything typed goes along."""
        with self.reading():
            self.load()
            row = self.row()
            differences = list(self.differences(row, data))
            last = row.history.order_by("-history_date", "-history_id").first()
            by = User.objects.filter(pk=last.history_user_id).first() if last else None
            missing = [d for d in differences if d.control in unanswered]
            context = {
                "case": self.case,
                "bar": self.bar(),
                "heading": self.heading,
                "once": self.once,
                "differences": differences,
                "changed": f"This was changed {when(last, self.today)}{f' by {by.called}' if by else ''}. Yours is kept below.",
                "typed": [(name, value) for name, values in typed_in(data).items() for value in values if is_typed(name)],
                "version": row.version,
                "missing": missing,
                "back_url": self.back_url(),
            }
            return self.render(context, status=422 if missing else 409, cases=self.case_ids(), template="cases/conflict.html")

    def differences(self, row: Any, data: QueryDict) -> Iterable[Difference]:
        theirs, mine = self.build(None, self.answers_of(row)), self.build(data, {})
        before = self.before(row, data.get("version", ""))
        for bound in mine.visible_fields():
            my_text, their_text = in_words(mine[bound.name]), in_words(theirs[bound.name])
            if my_text == their_text:
                continue
            old = in_words(before[bound.name]) if before is not None else None
            chosen = data.get(f"{KEEP}{bound.name}") or {my_text: THEIRS, their_text: MINE}.get(old or "", "")
            yield Difference(bound.name, str(bound.label), my_text, their_text, chosen if old is not None or chosen else "")

    def before(self, row: Any, version: str) -> forms.Form | None:
        """What stood there when the form was opened; None where that cannot be told."""
        if version == "0":
            return self.build(None, {})
        opened = row.history.filter(version=int(version)).first() if version.isdecimal() and len(version) < LONGEST else None
        return self.build(None, self.answers_of(opened)) if opened is not None else None

    def merge(self, request: HttpRequest) -> HttpResponse:
        """Put together what was chosen of both texts, and save that, unless it was changed once more."""
        with self.reading():
            self.load()
            row = self.row()
            data = request.POST.copy()
            unanswered = [d.control for d in self.differences(row, data) if data.get(d.control) not in (MINE, THEIRS)]
            if str(row.version) == data.get("version") and not unanswered:
                theirs = self.build(None, self.answers_of(row))
                for name in theirs.fields:
                    if data.get(f"{KEEP}{name}") == THEIRS:
                        data.setlist(name, sent_values(theirs[name]))
            merged = self.build(data, {})
            is_valid = merged.is_valid()
        if unanswered or str(row.version) != data.get("version"):
            return self.show_both(data, unanswered if str(row.version) == data.get("version") else ())
        if not is_valid:
            with self.reading():
                self.load()
                return self.show(merged, status=422)
        try:
            answer = self.perform(merged)
        except ChangedMeanwhile:
            return self.show_both(data)
        self.forget(answer)
        return answer


def is_typed(name: str) -> bool:
    return name != "version" and not name.startswith(KEEP)


def sent_values(field: forms.BoundField) -> list[str]:
    """The value of an unbound field as a browser would send it."""
    value = field.value()
    values = value if isinstance(value, list | tuple) else [value]
    return [str(one) for one in values if one not in (None, "")]


def in_words(field: forms.BoundField) -> str:
    """What stands in a control, in the words of the page."""
    words = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
    return ", ".join(words.get(value, value).replace("\r\n", "\n") for value in sent_values(field))


def when(last: Any, today: Any) -> str:
    if last is None:
        return "meanwhile"
    moment = timezone.localtime(last.history_date)
    return f"at {dates.time_of_day(moment)}" if moment.date() == today else f"on {dates.day_and_time(moment)}"
