"""People, for administrators: find somebody, one person, enrol. No page here shows anything of a case."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kit.exports import Column, ExportList, filters_in_words
from kit.records import Kind
from kit.views import FormView, GuardedView, row_or_not_visible
from people import operations
from people.directory import PeopleFilters, PeopleList, everybody, people_found, people_list, person_page, unit_choices
from people.forms.people import DeactivateForm, DetailsForm, EnrolForm, FiltersForm, SearchForm
from people.models import Organisation, User
from people.operations import CHANGED_MEANWHILE, NewPerson
from people.passwords import new_first_password
from people.roles import TOLD_OF_THINGS, WORK_IN_UNITS
from people.session import end_sessions_of
from people.views.administration import ADMINISTRATORS, AboutPerson

# No key is longer; the database would refuse the number.
LONGEST_KEY = 18


class People(GuardedView):
    """The list by GET with filters; by POST whoever has what was typed in their name, so that no name stands in an address."""

    access = ADMINISTRATORS
    record_kind = Kind.LISTED
    template_name = "people/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filters = FiltersForm(request.GET, units=unit_choices())
        chosen = asked_for(filters)
        after = request.GET.get("after", "")
        is_key = after.isascii() and after.isdigit() and len(after) <= LONGEST_KEY
        found = people_list(chosen, self.today, int(after) if is_key else None)
        query = {name: value for name, value in request.GET.items() if value and name in filters.fields}
        address = reverse("people")
        next_url = f"{address}?{urlencode({**query, 'after': found.next_after})}" if found.next_after else ""
        first_url = f"{address}?{urlencode(query)}" if after else ""
        return self.page_of(
            found,
            search=SearchForm(),
            filters=filters,
            clear_url=address if query else "",
            export_url=f"{reverse('export-people')}?{urlencode(query)}" if found.rows else "",
            next_url=next_url,
            first_url=first_url,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.reading():
            search = SearchForm(request.POST)
            if not search.is_valid():
                found = people_list(PeopleFilters(), self.today)
                return self.page_of(found, status=422, search=search, form=search, filters=FiltersForm(units=unit_choices()))
            found = people_found(search.cleaned_data["term"], self.today)
            return self.page_of(found, search=search, searched=True)

    def page_of(self, found: PeopleList, *, status: int = 200, **more: Any) -> HttpResponse:
        return self.render({"found": found, **more}, status=status)


def asked_for(filters: FiltersForm) -> PeopleFilters:
    return PeopleFilters(**{k: v for k, v in filters.cleaned_data.items() if v}) if filters.is_valid() else PeopleFilters()


class ExportPeople(ExportList):
    """The list as it is filtered; a search is not exported, because what was typed would stand in an address."""

    access = ADMINISTRATORS
    file_name = "people"
    heading = "People"
    columns = (
        Column("Rank", lambda row: row.user.rank),
        Column("Given name", lambda row: row.user.given_name),
        Column("Family name", lambda row: row.user.family_name),
        Column("User name", lambda row: row.user.username),
        Column("Organisation", lambda row: row.user.organisation.name),
        Column("Roles", lambda row: "; ".join(f"{one.label} {one.when}" for one in row.roles)),
        Column("Units", lambda row: "; ".join(f"{one.label} {one.when}" for one in row.units)),
        Column("Left", lambda row: not row.user.is_active),
    )

    def rows(self, most: int) -> Iterable[Any]:
        self.filters = FiltersForm(self.request.GET, units=unit_choices())
        return everybody(asked_for(self.filters), self.today, most)

    def filters_in_words(self) -> str:
        return filters_in_words(self.filters)


class Person(GuardedView):
    access = ADMINISTRATORS
    template_name = "people/person.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        people = User.objects.select_related("organisation", "deactivated_by")
        person = row_or_not_visible(people.filter(pk=self.kwargs["person_id"]))
        return self.render({"page": person_page(person, self.today), "person": person, "is_own": person.pk == self.actor.user_id})


class ChangePerson(AboutPerson):
    to_active = None
    to_oneself = True
    operation = operations.change_person
    template_name = "people/change_person.html"

    def form(self, data: Any = None) -> DetailsForm:
        names = ("rank", "given_name", "family_name", "email")
        return DetailsForm(data, initial={name: getattr(self.person, name) for name in names})

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "shows_present": self.is_refused and CHANGED_MEANWHILE in form.non_field_errors()}

    def act(self, form: DetailsForm) -> HttpResponse:
        operations.change_person(**self.whose(), details=form.details())
        return self.done("The details are changed.")


class EnrolPerson(FormView):
    """The answer shows the first password, once: it is kept nowhere but as a hash."""

    access = ADMINISTRATORS
    needs_step_up = True
    operation = operations.enrol_person
    template_name = "people/enrol.html"

    def form(self, data: Any = None) -> EnrolForm:
        organisations = list(Organisation.objects.order_by("name"))
        return EnrolForm(
            data,
            organisations=organisations,
            units=unit_choices(),
            today=self.today,
            initial={"starts_on": self.today},
        )

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form, "back_url": reverse("people")}

    def perform(self, form: EnrolForm) -> HttpResponse:
        answers = form.cleaned_data
        password = new_first_password()
        new = NewPerson(
            username=answers["username"],
            details=form.details(),
            organisation_id=int(answers["organisation"]),
            roles=answers["roles"],
            unit_ids=[int(key) for key in answers["units"]],
            starts_on=answers["starts_on"],
        )
        key = operations.enrol_person(actor=self.actor, once=self.once, new=new, password_hash=make_password(password))
        with self.reading():
            return first_password_page(self, User.objects.get(pk=key), password, "is enrolled", missing_of(new))

    def sent_before(self) -> HttpResponse:
        messages.info(
            self.request,
            "That form was sent twice; they were enrolled once. If you did not write down the first password, open their page and give a new one.",
        )
        return HttpResponseRedirect(reverse("people"))


def missing_of(new: NewPerson) -> list[str]:
    """What somebody who was just enrolled still lacks for their roles."""
    missing = []
    if TOLD_OF_THINGS.intersection(new.roles) and not new.details.email:
        missing.append("Without an email address this person gets no messages. Add one on their page.")
    if WORK_IN_UNITS.intersection(new.roles) and not new.unit_ids:
        missing.append("They are in no unit, so no supervisor is responsible for them. Move them to a unit on their page.")
    return missing


def first_password_page(
    view: GuardedView, person: User, password: str, happened: str, missing: Sequence[str] = ()
) -> HttpResponse:
    """Not a redirect: what is shown once may not wait in a session or an address."""
    context = {"person": person, "first_password": password, "happened": happened, "missing": missing}
    return view.render(context, template="people/first_password.html")


class GiveFirstPassword(AboutPerson):
    """For somebody who has forgotten theirs."""

    operation = operations.give_first_password
    needs_step_up = True
    template_name = "people/give_password.html"
    # Nothing is typed: the button is the answer.
    form_class = forms.Form

    def act(self, form: Any) -> HttpResponse:
        password = new_first_password()
        operations.give_first_password(**self.whose(), password_hash=make_password(password))
        end_sessions_of(self.person.pk)
        with self.reading():
            return first_password_page(self, self.person, password, "has a new first password")


class ReactivatePerson(AboutPerson):
    to_active = False
    operation = operations.reactivate_person
    needs_step_up = True
    template_name = "people/reactivate.html"
    form_class = forms.Form

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "page": person_page(self.person, self.today)}

    def act(self, form: Any) -> HttpResponse:
        password = new_first_password()
        operations.reactivate_person(**self.whose(), password_hash=make_password(password))
        with self.reading():
            return first_password_page(self, self.person, password, "is active again")


class DeactivatePerson(AboutPerson):
    """What is left open, in numbers, is for the part that knows of work to add to the context (rasso/people.py)."""

    operation = operations.deactivate_person
    template_name = "people/deactivate.html"
    form_class = DeactivateForm

    def act(self, form: DeactivateForm) -> HttpResponse:
        operations.deactivate_person(**self.whose(), because=form.cleaned_data["because"])
        end_sessions_of(self.person.pk)
        return self.done(
            "They are deactivated and signed out. Their open cases wait for their supervisors to give them to somebody else."
        )
