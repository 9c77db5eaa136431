"""What the pages of an administrator have in common."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kit.refusal import Blocked
from kit.views import FormView, OpenTo, row_or_not_visible
from people.models import User
from people.operations import ACTIVE_ALREADY, OWN_ACCOUNT, THEY_LEFT
from people.roles import Role

ADMINISTRATORS = OpenTo(frozenset({Role.ADMINISTRATOR}))
SENT_TWICE = "That form was sent twice. It was done once."
# No number that we count is longer; the database would refuse it.
LONGEST_NUMBER = 9


class AdministratorsForm(FormView):
    """A page with one form about a row that another administrator may have open. It carries the version that its reader saw."""

    access: ClassVar[OpenTo] = ADMINISTRATORS
    # After a refusal the page shows what stands there now, so it carries that version; else the one that was read.
    is_refused = False

    @property
    def opened(self) -> int:
        """The version that the sent form carries; no row has number 0."""
        typed = self.request.POST.get("version", "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER else 0

    def version(self, present: int) -> int:
        return present if self.is_refused else self.opened or present

    def perform(self, form: Any) -> HttpResponse:
        try:
            return self.act(form)
        except Blocked:
            self.is_refused = True
            raise

    def act(self, form: Any) -> HttpResponse:
        raise NotImplementedError(f"{type(self).__name__}.act")

    @property
    def back_url(self) -> str:
        raise NotImplementedError(f"{type(self).__name__}.back_url")

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(self.back_url)

    def sent_before(self) -> HttpResponse:
        return self.done(SENT_TWICE)


class AboutPerson(AdministratorsForm):
    person: User
    # Whether it is done to somebody active, to somebody who has left, or to either; and whether to one's own account.
    to_active: ClassVar[bool | None] = True
    to_oneself: ClassVar[bool] = False

    def load(self) -> None:
        self.person = row_or_not_visible(User.objects.select_related("organisation").filter(pk=self.kwargs["person_id"]))

    @property
    def back_url(self) -> str:
        return reverse("person", args=[self.kwargs["person_id"]])

    def whose(self) -> dict[str, Any]:
        return {"actor": self.actor, "person_id": self.person.pk, "version": self.opened, "once": self.once}

    def context(self, form: Any) -> dict[str, Any]:
        return {
            "form": form,
            "person": self.person,
            "version": self.version(self.person.version),
            "back_url": self.back_url,
            "not_now": self.not_now(),
        }

    def not_now(self) -> str:
        """Why this cannot be done to this person; the operation says the same."""
        if self.person.pk == self.actor.user_id and not self.to_oneself:
            return OWN_ACCOUNT
        if self.to_active is not None and self.person.is_active is not self.to_active:
            return THEY_LEFT if self.to_active else ACTIVE_ALREADY
        return ""
