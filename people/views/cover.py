"""Cover: who does whose work between two days; ask somebody, set it for somebody of one's unit, end it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kit import dates
from kit.access import NotVisible
from kit.views import FormView, GuardedView, OpenTo
from people.cover import operations
from people.cover.forms import EndCoverForm, SetCoverForm
from people.cover.operations import WHO_HAVE_WORK, not_passed_on
from people.cover.queries import Choice, CoverRow, cover_page, cover_to_end, people_to_cover, who_can_cover
from people.models import CoverReason, User

# No key of a user is longer; the database would refuse the number.
LONGEST_KEY = 18


class CoverPage(GuardedView):
    access = OpenTo(WHO_HAVE_WORK)
    # It speaks of no case.
    record_kind = None
    template_name = "people/cover/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render({"page": cover_page(self.actor, self.today)})


class ActOnCover(FormView):
    access = OpenTo(WHO_HAVE_WORK)
    record_kind = None

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(reverse("cover"))

    def sent_before(self) -> HttpResponse:
        return self.done("That form was sent twice. It was recorded once.")


class SetCover(ActOnCover):
    """For the reader, or with ``?who=`` for somebody whom they supervise."""

    operation = operations.set_cover
    template_name = "people/cover/set.html"
    absent_id: int
    choice: Choice
    # Rank and name of whoever is away; nothing where it is the reader.
    absent: str

    def load(self) -> None:
        who = self.request.GET.get("who", "")
        self.absent_id = int(who) if who.isdecimal() and len(who) <= LONGEST_KEY else self.actor.user_id
        if who and self.absent_id not in people_to_cover() | {self.actor.user_id}:
            raise NotVisible
        self.absent = "" if self.absent_id == self.actor.user_id else User.objects.get(pk=self.absent_id).called
        self.choice = who_can_cover(self.absent_id, self.today, self.actor.user_id)

    def form(self, data: Any = None) -> SetCoverForm:
        return SetCoverForm(data, choice=self.choice, absent=self.absent, today=self.today)

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form, "choice": self.choice, "absent": self.absent}

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        starts_on, ends_on = answers["starts_on"], answers["ends_on"]
        operations.set_cover(
            actor=self.actor,
            once=self.once,
            absent_id=self.absent_id,
            covering_id=int(answers["covering"]),
            starts_on=starts_on,
            ends_on=ends_on,
            reason=CoverReason(answers["reason"]),
        )
        with self.reading():
            others = [cover.absent.called for cover in not_passed_on(self.absent_id, starts_on, ends_on)]
        begins = "From now" if starts_on == self.today else f"From {dates.day(starts_on)}"
        sentence = f"Cover is set. {begins} until {dates.day(ends_on)} they find the work on their own page."
        if others:
            sentence = (
                f"{sentence} Cover for {' and '.join(others)} is not passed on with it: somebody else must be asked for that."
            )
        return self.done(sentence)


class EndCover(ActOnCover):
    operation = operations.end_cover
    template_name = "people/cover/end.html"
    form_class = EndCoverForm
    cover: CoverRow

    def load(self) -> None:
        cover = cover_to_end(self.actor, self.kwargs["cover_id"], self.today)
        if cover is None:
            raise NotVisible
        self.cover = cover

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form, "cover": self.cover}

    def perform(self, form: Any) -> HttpResponse:
        operations.end_cover(actor=self.actor, once=self.once, key=self.cover.key)
        return self.done("The cover has ended. From now on they reach nothing through it.")
