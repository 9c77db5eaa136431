"""“Explain access”, for the auditor: a person and a reference give the rule that admits or blocks them, and nothing of the case."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from cases.forms.explain import ExplainForm
from cases.queries.explain import Explanation, Unknown, explain
from kit.records import as_typed
from kit.views import FormView, OpenTo
from people.roles import Role


class ExplainAccess(FormView):
    """The answer comes to a POST, so that neither person nor case stands in an address. What was asked is recorded."""

    access = OpenTo(frozenset({Role.AUDITOR}))
    form_class = ExplainForm
    template_name = "cases/explain_access.html"
    found: Explanation | None = None

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form, "found": self.found}

    def case_ids(self) -> list[UUID]:
        return [self.found.case_id] if self.found else []

    def show(self, form: Any, *, status: int = 200) -> HttpResponse:
        """Who asked for whom is recorded, also where there is nobody, or no case, of that name."""
        words = as_typed(form.data.get("username"), form.data.get("reference"))
        return self.render(self.context(form), status=status, cases=self.case_ids(), words=words)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            form = self.form(request.POST)
            if not form.is_valid():
                return self.show(form, status=422)
            answer = explain(form.cleaned_data["username"], form.cleaned_data["reference"])
            if isinstance(answer, Unknown):
                if answer.is_person_unknown:
                    form.add_error("username", "Nobody signs in with this name")
                if answer.is_case_unknown:
                    form.add_error("reference", "No case has this reference")
                return self.show(form, status=422)
            self.found = answer
            return self.show(form)
