"""The force's rules and its days without work: read by all police, changed by an administrator who tried it first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cases import operations
from cases.forms.rules import AddLocalDayForm, ChangeRuleForm
from cases.queries.rules import Trial, pack, try_day, try_rule
from cases.rulebook import rulebook_on
from kit import dates
from kit.access import NotVisible
from kit.views import FormView, GuardedView, OpenTo
from people.roles import POLICE_ROLES, Role

READERS = POLICE_ROLES | {Role.AUDITOR}


class RulePack(GuardedView):
    """The rules of the force; they speak of no case, so no look at them is recorded."""

    access = OpenTo(READERS)
    record_kind = None
    template_name = "cases/rules/pack.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with_names = self.actor.kind == "police"
        context = {"pack": pack(self.today, with_names=with_names), "with_names": with_names}
        return self.render({**context, "may_change": Role.ADMINISTRATOR in self.actor.roles})


class TriedFirst(FormView):
    """A page of the administrator whose form can be tried: it shows what it would do, and saves nothing."""

    access = OpenTo(frozenset({Role.ADMINISTRATOR}))
    record_kind = None
    trial: Trial | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "try" not in request.POST:
            return super().post(request, *args, **kwargs)
        with self.reading():
            self.load()
            form = self.form(request.POST)
            if not form.is_valid():
                return self.show(form, status=422)
            self.trial = self.tried(form)
            return self.show(form)

    def tried(self, form: Any) -> Trial:
        raise NotImplementedError(f"{type(self).__name__}.tried")

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form, "trial": self.trial, "back_url": reverse("rule-pack")}

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(reverse("rule-pack"))

    def sent_before(self) -> HttpResponse:
        return self.done("That form was sent twice. It was recorded once.")


class ChangeRule(TriedFirst):
    operation = operations.change_rule
    template_name = "cases/rules/change.html"
    rule: Any

    def load(self) -> None:
        rule = rulebook_on(self.today).rules.get(self.kwargs["code"])
        if rule is None:
            raise NotVisible
        self.rule = rule

    def form(self, data: Any = None) -> ChangeRuleForm:
        now = {name: getattr(self.rule, name) for name in ("amount", "escalates_after", "escalates_further_after")}
        return ChangeRuleForm(data, rule=self.rule, today=self.today, by=self.actor.user_id, initial=now)

    def tried(self, form: Any) -> Trial:
        # Shown again, the form carries the proof that these numbers were tried.
        form.data = form.data.copy()
        form.data["tried"] = form.seal()
        return try_rule(self.rule, form.cleaned_data.get("amount", self.rule.amount), self.today)

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "rule": self.rule}

    def perform(self, form: Any) -> HttpResponse:
        if not form.was_tried():
            with self.reading():
                self.load()
                form.add_error(None, "Try it first: what you would save is not what you have tried.")
                return self.show(form, status=409)
        answers = form.cleaned_data
        operations.change_rule(
            actor=self.actor,
            once=self.once,
            rule=self.rule,
            amount=answers.get("amount", self.rule.amount),
            escalates_after=answers.get("escalates_after"),
            escalates_further_after=answers.get("escalates_further_after"),
            begins=answers["begins"],
            because=answers["because"],
        )
        return self.done(f"{self.rule.label} changes from {dates.day(answers['begins'])}. No date already given moves.")


class AddLocalDay(TriedFirst):
    operation = operations.add_local_day
    template_name = "cases/rules/add_day.html"
    form_class = AddLocalDayForm

    def tried(self, form: Any) -> Trial:
        return try_day(form.cleaned_data["day"], self.today)

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        with self.reading():
            over_it = try_day(answers["day"], self.today).how_many
        operations.add_local_day(actor=self.actor, once=self.once, day=answers["day"], name=answers["name"])
        touched = f" {dates.count(over_it, 'running date')} would have been later, had it been known." if over_it else ""
        return self.done(f"Nobody works on {dates.day(answers['day'])}. No date already given moves.{touched}")
