"""The actions of a case: all of them, one of them, and what may be done to it."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cases import action_moves, operations, workflow
from cases.access import TABLE
from cases.enums import Act
from cases.forms.actions import (
    AGREE,
    VERIFY,
    ActionFilterForm,
    AnswerMoreTimeForm,
    AskForMoreTimeForm,
    CompleteActionForm,
    GiveActionForm,
    VerifyActionForm,
)
from cases.models import Action
from cases.queries.actions import ActionFilters, State, action_of, action_page, actions_of_case, look_again, urgency_of
from cases.queries.workers import people_who_can_act
from cases.views.base import ActOnCase, CasePageView
from cases.views.editing import EditCase
from cases.views.show import with_query
from kit import dates
from kit.access import NotAllowed, NotVisible, acts_of

ONLY_WHO_WORKS_IT = "Only the officer in the case and its supervisors give actions."
ONLY_ITS_OWNER = "Only whoever the action was given to, or the officer in the case, can do this."
ONLY_SUPERVISORS = "Only a supervisor of the case can do this."
NOBODY_WORKS_IT = (
    "Nobody works on this case yet, so there is nobody to give an action to. It must be allocated to an officer first."
)


class CaseActions(CasePageView):
    template_name = "cases/actions/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        filters = action_filters(request)
        after = small_number(request.GET.get("after", ""))
        found = actions_of_case(self.case, filters, self.today, after)
        own = reverse("case-actions", args=[self.case.reference])
        on = {"owner": filters.owner_id or "", "state": filters.state or ""}
        query = {name: value for name, value in on.items() if value}
        context = {
            "case": self.case,
            "bar": self.bar(),
            "found": found,
            "filters": ActionFilterForm(on, owners=[(str(user.pk), user.called) for user in found.owners]),
            "clear_url": own if query else "",
            "export_url": "" if self.emergency() else with_query(reverse("export-actions", args=[self.case.reference]), query),
            "first_url": f"{own}?{urlencode(query)}" if after else "",
            "next_url": f"{own}?{urlencode({**query, 'after': found.next_after})}" if found.next_after else "",
            "may_give": bool(acts_of(TABLE, self.actor, self.case, (Act.GIVE_ACTION,)) and people_who_can_act(self.case)),
            "ended": "" if self.case.is_open else workflow.has_ended(self.case),
        }
        return self.render(context, cases=self.case_ids())


def action_filters(request: HttpRequest) -> ActionFilters:
    """The filters of the address; what makes no sense there filters nothing."""
    asked = request.GET
    state = State(asked["state"]) if asked.get("state") in set(State) else None
    return ActionFilters(owner_id=small_number(asked.get("owner", "")), state=state)


def small_number(text: str) -> int | None:
    """A number in an address, or nothing when somebody typed something else there."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


class ActionPage(CasePageView):
    template_name = "cases/actions/action.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        page = action_page(self.actor, self.case, self.kwargs["number"], self.today)
        if page is None:
            raise NotVisible
        address = [self.case.reference, page.action.number]
        moves = [{"label": move.label, "url": reverse(move.url_name, args=address)} for move in page.moves]
        context = {"page": page, "action": page.action, "moves": moves, "case": self.case, "bar": self.bar()}
        return self.render(context, cases=self.case_ids())


class GiveAction(ActOnCase):
    operation = operations.give_action
    other_words_are_another_act = True
    refusal = ONLY_WHO_WORKS_IT
    heading = "Give an action"
    submit = "Give this action"
    owners: list[tuple[str, str]]

    def load(self) -> None:
        super().load()
        self.owners = [(str(user.pk), user.called) for user in people_who_can_act(self.case)]

    def form(self, data: Any = None) -> GiveActionForm:
        own = str(self.actor.user_id)
        chosen = own if own in dict(self.owners) else self.owners[0][0] if self.owners else ""
        return GiveActionForm(data, owners=self.owners, today=self.today, initial={"owner": chosen})

    def not_now(self) -> list[str]:
        return super().not_now() or ([] if self.owners else [NOBODY_WORKS_IT])

    def back_url(self) -> str:
        return reverse("case-actions", args=[self.case.reference])

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        given = operations.give_action(
            self.case,
            actor=self.actor,
            once=self.once,
            what=answers["what"],
            owner_id=int(answers["owner"]),
            due_on=answers["due_on"],
            look_again_on=answers["look_again_on"],
        )
        return self.done(f"{given} is given. It is due on {dates.day(given.due_on)}.")


class ActOnAction(ActOnCase):
    """A page that does one thing to one action. What stands in the way stands there in place of the form, in the words in which the
    operation would refuse."""

    move: ClassVar[action_moves.ActionMove]
    template_name = "cases/actions/act.html"
    action: Any

    def load(self) -> None:
        # First, because a draft is about this one action.
        self.case = self.visible_case()
        self.action = action_of(self.case, self.kwargs["number"])
        if self.action is None:
            raise NotVisible
        super().load()
        self.action.case = self.case

    def not_now(self) -> list[str]:
        return action_moves.action_blockers(self.action, self.move, self.actor, self.today)

    def context(self, form: Any) -> dict[str, Any]:
        return {
            **super().context(form),
            "action": self.action,
            "urgency": urgency_of(self.action, self.today),
            "look_again": look_again(self.action, self.today),
        }

    def back_url(self) -> str:
        return reverse("action", args=[self.case.reference, self.action.number])


class CompleteAction(ActOnAction, EditCase):
    """A long text, so it is kept while somebody types; there is nothing that two people could write over."""

    operation = operations.complete_action
    move = action_moves.MARK_AS_DONE
    refusal = ONLY_ITS_OWNER
    template_name = "cases/actions/complete_action.html"
    form_class = CompleteActionForm
    draft_form = "complete-action"
    submit = "Mark as done"

    def load(self) -> None:
        super().load()
        if action_moves.action_is_theirs(self.action, self.actor, self.today):
            raise NotAllowed(self.refusal)

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"Mark {self.action} as done"

    @property
    def about(self) -> str:
        return str(self.action.pk)

    def row(self) -> None:
        return None

    def not_now(self) -> list[str]:
        # What somebody has typed stays theirs to read, whatever stands in the way of sending it.
        return [] if self.draft is not None else super().not_now()

    def perform(self, form: Any) -> HttpResponse:
        operations.complete_action(self.action, actor=self.actor, once=self.once, **form.cleaned_data)
        return self.done(f"{self.action} is done. A supervisor verifies it.")


class AskForMoreTime(ActOnAction):
    operation = operations.ask_for_more_time
    move = action_moves.ASK_FOR_MORE_TIME
    refusal = ONLY_ITS_OWNER
    submit = "Ask for more time"
    intro = "The target date stays until a supervisor agrees to the new one."

    def load(self) -> None:
        super().load()
        if action_moves.action_is_theirs(self.action, self.actor, self.today):
            raise NotAllowed(self.refusal)

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"Ask for more time for {self.action}"

    def form(self, data: Any = None) -> AskForMoreTimeForm:
        return AskForMoreTimeForm(data, due_on=self.action.due_on, today=self.today)

    def perform(self, form: Any) -> HttpResponse:
        operations.ask_for_more_time(self.action, actor=self.actor, once=self.once, **form.cleaned_data)
        return self.done(f"More time for {self.action} is asked for. Until somebody agrees, the target date stays.")


class AnswerMoreTime(ActOnAction):
    operation = operations.answer_more_time
    move = action_moves.ANSWER_MORE_TIME
    refusal = ONLY_SUPERVISORS
    template_name = "cases/actions/answer_more_time.html"
    submit = "Answer"
    asked: Any

    def load(self) -> None:
        super().load()
        self.asked = action_moves.open_request(self.action)

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"More time for {self.action}"

    def form(self, data: Any = None) -> AnswerMoreTimeForm:
        return AnswerMoreTimeForm(
            data,
            due_on=self.action.due_on,
            due_asked=self.asked.due_asked if self.asked else None,
            request_id=self.asked.pk if self.asked else None,
        )

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "asked": self.asked}

    def perform(self, form: Any) -> HttpResponse:
        is_agreed = form.cleaned_data["decision"] == AGREE
        operations.answer_more_time(
            self.action,
            actor=self.actor,
            once=self.once,
            request_id=form.cleaned_data["request_id"],
            is_agreed=is_agreed,
            answer=form.cleaned_data["answer"],
        )
        return self.done(f"{self.action} has more time." if is_agreed else f"The target date of {self.action} stays.")


class VerifyAction(ActOnAction):
    """Two operations of one right: verify, or send back."""

    operation = operations.verify_action
    move = action_moves.VERIFY
    refusal = ONLY_SUPERVISORS
    template_name = "cases/actions/verify_action.html"
    submit = "Record this"

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"Verify {self.action}"

    def form(self, data: Any = None) -> VerifyActionForm:
        done_at = self.action.done_at
        return VerifyActionForm(data, initial={"done_at": done_at.isoformat() if done_at else ""})

    def perform(self, form: Any) -> HttpResponse:
        is_done = form.cleaned_data["decision"] == VERIFY
        act = operations.verify_action if is_done else operations.send_back_action
        text, done_at = form.cleaned_data["text"], form.cleaned_data["done_at"]
        act(self.action, actor=self.actor, once=self.once, text=text, done_at=done_at)
        messages.success(
            self.request, f"{self.action} is verified." if is_done else f"{self.action} is sent back. It is open again."
        )
        return HttpResponseRedirect(self.next_url())

    def next_url(self) -> str:
        """What is left to verify in this case; its actions where nothing is."""
        with self.reading():
            are_left = Action.unguarded.filter(case=self.case, done_at__isnull=False, verified_at=None).exists()
        own = reverse("case-actions", args=[self.case.reference])
        return f"{own}?{urlencode({'state': State.DONE})}" if are_left else own
