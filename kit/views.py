"""The second lock: no view without declared access; and the one way a page is made.

A guarded view opens one transaction bound to the reader, reads, writes its line in the access record, renders and commits.
GET and HEAD run under a database role that cannot write anything else. A refusal is recorded in a transaction of its own.
"""

import enum
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.views import View
from uuid6 import uuid7

from kit import clock, step_up
from kit.access import AccessTable, Actor, NotAllowed, NotVisible
from kit.binding import Bound, bound_to
from kit.drafts import NOT_TYPED
from kit.operations import FormKey, was_sent
from kit.records import Kind, record
from kit.refusal import Blocked, SentBefore

REFUSALS = frozenset({403, 404, 409})
LONGEST_KEY = len(str(UUID(int=0)))
# What is recorded as opened for printing where somebody asks for that.
PRINTABLE = frozenset({Kind.LOOKED_AT, Kind.NAMES_SHOWN, Kind.COPIED})


@dataclass(frozen=True)
class OpenTo:
    """Which roles may open a page that is not about one guarded row. No roles: everyone who is signed in."""

    roles: frozenset[str] | None = None

    def admits(self, actor: Actor) -> bool:
        return self.roles is None or bool(actor.roles & self.roles)


def open_to_everyone(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a plain view as public: no sign-in, no guarded rows (it has no actor, so the database gives it none)."""

    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    marked.access = OpenTo()  # type: ignore[attr-defined]
    marked.login_required = False  # type: ignore[attr-defined]
    marked.__name__ = getattr(view, "__name__", type(view).__name__)
    return marked


def open_to_signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a plain view as open to everyone who is signed in; for account pages, which read no guarded rows."""

    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    marked.access = OpenTo()  # type: ignore[attr-defined]
    marked.__name__ = getattr(view, "__name__", type(view).__name__)
    return marked


class GuardedView(View):
    """Base of every page behind the sign-in.

    ``access`` is an OpenTo, or an act together with ``table``: then a role that holds the act nowhere gets the same 404 as
    for a page that does not exist. ``record_kind`` says what reading this page is called in the access record.
    """

    access: ClassVar[OpenTo | enum.Enum | None] = None
    table: ClassVar[AccessTable | None] = None
    record_kind: ClassVar[Kind | None] = Kind.LOOKED_AT
    template_name: ClassVar[str] = ""
    # Whether the reader has to have proved lately who they are (kit.step_up): for what would do most harm in another's hands.
    needs_step_up: ClassVar[bool] = False
    # Whether the answer is a file, so that the browser stays on the page from which it was asked for.
    is_download: ClassVar[bool] = False

    actor: Actor
    now: datetime
    # Where to prove it; shown above a form that was sent too late.
    step_up_url = ""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        if cls.access is None:
            raise ImproperlyConfigured(
                f"{cls.__name__} does not declare its access. Give it `access`, so that nobody gets in by oversight."
            )
        return super().as_view(**initkwargs)

    @property
    def identity(self) -> tuple[int, str]:
        """Whom the database is told: the signed-in user, whose presence the login middleware has made sure of."""
        user: Any = self.request.user
        return user.pk, user.kind

    @property
    def today(self) -> date:
        return clock.local_date(self.now)

    @property
    def page(self) -> str:
        match = self.request.resolver_match
        return (match.url_name if match else None) or type(self).__name__

    @property
    def can_be_printed(self) -> bool:
        return self.request.method == "GET" and self.record_kind in PRINTABLE

    @property
    def is_asked_for_print(self) -> bool:
        return self.request.method == "GET" and self.record_kind in PRINTABLE and "print" in self.request.GET

    @property
    def is_for_print(self) -> bool:
        """Whether the page was opened to be put on paper, which is recorded as such."""
        return self.can_be_printed and self.is_asked_for_print

    # One request ---------------------------------------------------------------------------------------------------

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            is_proved = not self.needs_step_up or step_up.is_proved(request)
            if request.method in ("GET", "HEAD"):
                with self.reading():
                    response = super().dispatch(request, *args, **kwargs) if is_proved else self.to_step_up()
                    return self.rendered(response)
            if not is_proved and request.method == "POST":
                return self.rendered(self.sent_too_late())
            return self.rendered(super().dispatch(request, *args, **kwargs))
        except (NotVisible, Http404):
            self.record_refusal(404)
            raise Http404 from None
        except NotAllowed as refused:
            self.record_refusal(403)
            return self.page_in_own_transaction("403.html", {"reason": refused.reason}, status=403)

    @contextmanager
    def reading(self) -> Iterator[Bound]:
        """The transaction of a read, bound to the reader; everything that shows rows happens inside."""
        with bound_to(*self.identity, may_write=False) as bound:
            self.actor, self.now = bound.actor, bound.now
            self.refuse_strangers()
            yield bound

    def refuse_strangers(self) -> None:
        if isinstance(self.access, OpenTo):
            admitted = self.access.admits(self.actor)
        else:
            assert self.table is not None and self.access is not None
            admitted = bool(self.actor.roles & self.table.roles_with(self.access))
        if not admitted:
            raise NotVisible

    def to_step_up(self) -> HttpResponse:
        """To the page where they prove who they are, which leads back here. For an address that takes no GET: to the page before."""
        returns_to = self.request.get_full_path() if hasattr(self, "get") else ""
        return HttpResponseRedirect(step_up.address(returns_to))

    def sent_too_late(self) -> HttpResponse:
        """The answer to a form whose sender has not proved lately who they are. Strangers get the same 404 as ever."""
        with self.reading():
            return self.to_step_up()

    def record_refusal(self, outcome: int) -> None:
        with bound_to(*self.identity, may_write=False):
            # What was asked for, for the auditor: the database finds the case, and the reader learns nothing of that.
            record(
                Kind.REFUSED, self.page, outcome=outcome, words=str(self.kwargs.get("reference", "")), basis=keys_of(self.kwargs)
            )

    # One answer ----------------------------------------------------------------------------------------------------

    def render(
        self,
        context: dict[str, Any],
        *,
        status: int = 200,
        cases: Iterable[UUID] = (),
        template: str = "",
        words: str = "",
        basis: str = "",
    ) -> HttpResponse:
        """Record the read, then render, inside the transaction of the read. ``template``: another than the page's own;
        ``words``: what was searched or asked for; ``basis``: on what ground, where that is not a right of the reader's own.

        A page that says why something was refused is recorded as that refusal.
        """
        if status in REFUSALS:
            record(Kind.REFUSED, self.page, cases, outcome=status, words=words)
        elif self.record_kind is not None:
            record(Kind.PRINTED if self.is_for_print else self.record_kind, self.page, cases, words=words, basis=basis)
        frame = {"view": self, "actor": self.actor, "now": self.now, "today": self.today, "step_up_url": self.step_up_url}
        return TemplateResponse(self.request, template or self.template_name, {**frame, **context}, status=status).render()

    def page_in_own_transaction(self, template: str, context: dict[str, Any], *, status: int) -> HttpResponse:
        with bound_to(*self.identity, may_write=False) as bound:
            frame = {"actor": bound.actor, "now": bound.now, "today": clock.local_date(bound.now)}
            return TemplateResponse(self.request, template, {**frame, **context}, status=status).render()

    @staticmethod
    def rendered(response: HttpResponseBase) -> HttpResponseBase:
        # A template rendered after the transaction would be refused by the database at its first late query.
        if isinstance(response, TemplateResponse) and not response.is_rendered:
            response.render()
        return response


class FormView(GuardedView):
    """A page with one form: GET shows it, POST checks it and performs one operation.

    Subclasses say how the form is built (``form``), what the page shows (``context``) and what happens (``perform``, called
    outside any transaction, because the operation opens its own). Wrong input answers 422, a refusal by rule 409; both show the
    form again with everything that was typed.
    """

    form_class: ClassVar[type[forms.Form]]
    # Whether the page sent again with other words, after “Back”, adds something more; else it is the same act, and only done once.
    other_words_are_another_act: ClassVar[bool] = False

    def load(self) -> None:
        """Fetch what the page is about, inside the read; raise NotVisible if it is not there for this reader."""

    def form(self, data: Any = None) -> Any:
        return self.form_class(data)

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form}

    def case_ids(self) -> Iterable[UUID]:
        return ()

    def perform(self, form: Any) -> HttpResponse:
        raise NotImplementedError(f"{type(self).__name__}.perform")

    @property
    def once(self) -> UUID | FormKey | None:
        """The key that the sent form carries, so that what is sent twice is done once."""
        try:
            key = UUID(self.request.POST.get("once", ""))
        except ValueError:
            return None
        return FormKey(key, words_of(self.request.POST)) if self.other_words_are_another_act else key

    def field_of(self, reason: str) -> str | None:
        """The field beside which a reason of the operation stands; above the form unless the page knows better."""
        return None

    def sent_before(self) -> HttpResponse:
        """The answer to a form that was sent already: the same as then, so far as that can be told."""
        return HttpResponseRedirect(self.request.path)

    def show(self, form: Any, *, status: int = 200) -> HttpResponse:
        context = {"once": self.once or uuid7(), **self.context(form)}
        return self.render(context, status=status, cases=self.case_ids())

    def sent_too_late(self) -> HttpResponse:
        """The form again with everything that was typed; it can be sent as soon as they have proved who they are, in another window."""
        with self.reading():
            self.load()
            self.step_up_url = step_up.address("")
            form = self.form(self.request.POST)
            form.is_valid()
            return self.show(form, status=409)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        return self.show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            self.load()
            form = self.form(request.POST)
            # Before it is checked: what was right when it was sent first may not be so any more.
            is_again = was_sent(self.once)
            if not is_again and not form.is_valid():
                return self.show(form, status=422)
        if is_again:
            return self.sent_before()
        try:
            return self.perform(form)
        except SentBefore:
            return self.sent_before()
        except Blocked as refused:
            with self.reading():
                self.load()
                form = self.form(request.POST)
                form.is_valid()
                for reason in refused.reasons:
                    form.add_error(self.field_of(reason), reason)
                return self.show(form, status=409)


def keys_of(address: Mapping[str, Any]) -> str:
    """“review 01a2…, number 3”: the keys in an address, which name nobody. Neither its words, which may, nor numbers that are no key's."""
    keys = {
        name.removesuffix("_id").replace("_", " "): str(value) for name, value in address.items() if isinstance(value, UUID | int)
    }
    return ", ".join(f"{name} {key}" for name, key in keys.items() if len(key) <= LONGEST_KEY)


def words_of(data: QueryDict) -> str:
    """All that was sent but what the page itself put in."""
    return json.dumps(sorted((name, values) for name, values in data.lists() if name not in NOT_TYPED))


def row_or_not_visible(rows: models.QuerySet[Any]) -> Any:
    row = rows.first()
    if row is None:
        raise NotVisible
    return row
