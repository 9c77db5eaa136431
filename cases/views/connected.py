"""Somebody who works here is connected with someone in a case: said by themselves or a supervisor, decided for their line of command, ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cases import operations
from cases.forms.restricted import OUT, ConnectedForm, DecideConnectionForm, EndConnectionForm, IAmConnectedForm
from cases.queries.restricted import ToDecide, connection_of, connections_to_decide, everybody_else, supervisors_instead
from cases.views.restricted import WhoMaySeeIt
from kit.access import NotVisible
from kit.operations import was_sent
from kit.views import FormView, OpenTo
from people.roles import Role


class SayIAmConnected(WhoMaySeeIt):
    """Open to everybody who sees the case; the last that they see of it."""

    operation = operations.say_i_am_connected
    refusal = ""
    heading = "I know somebody in this case"
    intro = (
        "You lose the case at once and everywhere. Its supervisors see that you are out of it. If you are the officer in the case, it goes "
        "to them to be allocated. Only a supervisor can undo this."
    )
    submit = "I know somebody in this case"
    form_class = IAmConnectedForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            # They lost the case by the first sending, so that the second would find none.
            is_again = was_sent(self.once)
        return self.sent_before() if is_again else super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> HttpResponse:
        operations.say_i_am_connected(self.case, actor=self.actor, once=self.once, how=form.cleaned_data["how"])
        return self.sent_before()

    def sent_before(self) -> HttpResponse:
        messages.success(self.request, "Recorded. You no longer see the case.")
        return HttpResponseRedirect(reverse("home"))


class SayConnected(WhoMaySeeIt):
    operation = operations.say_connected
    heading = "Somebody who works here is connected with somebody in this case"
    intro = "They lose the case at once and everywhere, whatever their role. If they are the officer in the case, it is to be allocated."
    submit = "Keep them out of the case"

    def form(self, data: Any = None) -> ConnectedForm:
        return ConnectedForm(data, people=everybody_else(self.actor.user_id, self.today))

    def perform(self, form: Any) -> HttpResponse:
        how = form.cleaned_data["how"]
        operations.say_connected(self.case, actor=self.actor, once=self.once, user_id=form.person_id, how=how)
        return self.done("Recorded. They no longer see the case.")


class EndConnection(WhoMaySeeIt):
    operation = operations.end_connection
    heading = "End a connection"
    submit = "End it"
    form_class = EndConnectionForm
    template_name = "cases/end_connection.html"
    connection: Any

    def load(self) -> None:
        super().load()
        self.connection = connection_of(self.case, self.kwargs["connection_id"])
        if self.connection is None:
            raise NotVisible

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "connection": self.connection}

    def perform(self, form: Any) -> HttpResponse:
        because = form.cleaned_data["because"]
        operations.end_connection(self.case, actor=self.actor, once=self.once, key=self.connection.pk, because=because)
        return self.done("Ended. They see the case again by whatever their role gives them.")


class DecideConnection(FormView):
    """For a Detective Superintendent, who does not see the case: does the line of command lose it too, and who supervises it then?"""

    access = OpenTo(frozenset({Role.SUPERINTENDENT}))
    operation = operations.decide_connection
    template_name = "cases/decide_connection.html"
    connection: ToDecide

    def load(self) -> None:
        found = next((one for one in connections_to_decide() if one.id == self.kwargs["connection_id"]), None)
        if found is None:
            raise NotVisible
        self.connection = found

    def form(self, data: Any = None) -> DecideConnectionForm:
        return DecideConnectionForm(data, supervisors=supervisors_instead(self.connection.id, self.today))

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form, "connection": self.connection}

    def field_of(self, reason: str) -> str | None:
        return "instead"

    def perform(self, form: Any) -> HttpResponse:
        answers = form.cleaned_data
        is_out = answers["decision"] == OUT
        instead_id = int(answers["instead"]) if is_out else None
        operations.decide_connection(
            actor=self.actor, once=self.once, key=self.connection.id, line_is_out=is_out, instead_id=instead_id
        )
        return self.done(
            "Decided. They lose the case, and its new supervisor sees it." if is_out else "Decided. They keep the case."
        )

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(reverse("home"))
