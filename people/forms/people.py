"""Forms of the administrator about people and units."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from kit.fields import ManyChoicesField, NarrativeField, OneChoiceField, PlainTextField, Radios, ThreeBoxDateField
from people.models import Organisation, User
from people.operations import LONGEST_QUIET_DAYS, SUPERVISOR_NEEDS_UNIT, Details, lacks_unit
from people.roles import DESCRIPTIONS, OrganisationKind, Role, apart_from_administrator

Choices = Sequence[tuple[str, str]]
NO_UNIT = "NONE"
USERNAME = RegexValidator(r"^[a-z0-9._-]{2,150}\Z", "Use small letters, digits, dots and hyphens only, two at least")


class SearchForm(forms.Form):
    """Sent by POST: what is typed is a colleague's name, and an address is kept in many places."""

    term = PlainTextField(
        label="Name or user name", max_length=100, error_messages={"required": "Enter a name or a user name, or part of one"}
    )


class FiltersForm(forms.Form):
    unit = OneChoiceField(label="Unit", widget=forms.Select, required=False)
    role = OneChoiceField(label="Role", choices=(("", "Every role"), *Role.choices), widget=forms.Select, required=False)
    show = OneChoiceField(
        label="Show",
        choices=(("active", "Active"), ("left", "Left"), ("all", "Everybody")),
        widget=forms.Select,
        required=False,
    )

    def __init__(self, *args: Any, units: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = [("", "Every unit"), *units]  # type: ignore[attr-defined]


class DetailsForm(forms.Form):
    rank = PlainTextField(
        label="Rank or title",
        help_text="For example, DC or PC. Leave it empty for somebody without.",
        max_length=40,
        required=False,
    )
    given_name = PlainTextField(label="Given name", max_length=100, error_messages={"required": "Enter the given name"})
    family_name = PlainTextField(label="Family name", max_length=100, error_messages={"required": "Enter the family name"})
    email = forms.EmailField(
        label="Email address",
        help_text="Messages say how much is due, and name no case. Without an address this person gets no messages.",
        max_length=254,
        required=False,
        error_messages={"invalid": "Enter an email address like name@example.org", "max_length": "Enter a shorter email address"},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def details(self) -> Details:
        answers = self.cleaned_data
        return Details(answers["rank"], answers["given_name"], answers["family_name"], answers["email"])


class EnrolForm(DetailsForm):
    username = forms.CharField(
        label="User name",
        help_text="What they type to sign in: small letters, digits, dots, hyphens. It cannot be changed later.",
        max_length=150,
        validators=[USERNAME],
        error_messages={"required": "Enter a user name", "max_length": "Enter a user name of 150 characters or fewer"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocapitalize": "none", "spellcheck": "false"}),
    )
    organisation = OneChoiceField(label="Organisation", error_messages={"required": "Choose the organisation they belong to"})
    roles = ManyChoicesField(
        label="Roles",
        help_text="They can hold several, but an administrator none that reaches cases. You can give and end roles later, with dates.",
        error_messages={"required": "Choose at least one role"},
    )
    units = ManyChoicesField(
        label="Units",
        help_text=(
            "Where they work. Whoever works on cases needs a unit, so that a supervisor is responsible for them. A Detective Sergeant or "
            "Inspector is responsible for the units they are in and for those below."
        ),
        required=False,
    )
    starts_on = ThreeBoxDateField(label="From which day?", error_messages={"required": "Enter the first day"})

    field_order = ("username", "rank", "given_name", "family_name", "email", "organisation", "roles", "units", "starts_on")

    def __init__(self, *args: Any, organisations: Sequence[Organisation], units: Choices, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.kinds = {str(one.pk): OrganisationKind(one.kind) for one in organisations}
        self.fields["organisation"].choices = [(str(one.pk), one.name) for one in organisations]  # type: ignore[attr-defined]
        self.fields["roles"].choices = Role.choices  # type: ignore[attr-defined]
        self.fields["roles"].widget.hints = {role: held_by_whom(role) for role in Role}
        self.fields["units"].choices = units  # type: ignore[attr-defined]

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username=username).exists():
            raise forms.ValidationError("Somebody has this user name already. Enter another one")
        return username

    def clean_roles(self) -> list[str]:
        roles: list[str] = self.cleaned_data["roles"]
        kind = self.kinds.get(self.cleaned_data.get("organisation", ""))
        wrong = [Role(role).label for role in roles if kind and kind not in DESCRIPTIONS[Role(role)].held_by]
        if wrong:
            raise forms.ValidationError(f"Take away {', '.join(wrong)}: not for somebody of this organisation")
        if apart := apart_from_administrator(roles):
            raise forms.ValidationError(f"Take away {listed(apart)}, or Administrator: an administrator reaches no case")
        return roles

    def clean_starts_on(self) -> date:
        return within_a_year(self.cleaned_data["starts_on"], self.today)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if "units" in answers and lacks_unit(answers.get("roles", ()), answers["units"]):
            self.add_error("units", SUPERVISOR_NEEDS_UNIT)
        return answers


def listed(roles: Sequence[Role]) -> str:
    return ", ".join(role.label for role in roles)


def held_by_whom(role: Role) -> str:
    held_by = DESCRIPTIONS[role].held_by
    if held_by == frozenset(OrganisationKind):
        return "Any organisation"
    return " or ".join(kind.label for kind in OrganisationKind if kind in held_by)


def within_a_year(day: date, today: date) -> date:
    if not today <= day <= today + timedelta(days=366):
        raise forms.ValidationError("Enter today or a day within the next year. What has been cannot be changed")
    return day


class GiveRoleForm(forms.Form):
    role = OneChoiceField(label="Role", error_messages={"required": "Choose the role"})
    starts_on = ThreeBoxDateField(label="From which day?", error_messages={"required": "Enter the first day"})
    ends_on = ThreeBoxDateField(
        label="Last day", help_text="Leave it empty if there is none. You can end the role later.", required=False
    )

    marks_optional = True

    def __init__(self, *args: Any, kind: OrganisationKind, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        roles = [role for role in Role if kind in DESCRIPTIONS[role].held_by]
        field = self.fields["role"]
        field.choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        field.widget.hints = {role: f"Sees {DESCRIPTIONS[role].sees}." for role in roles}

    def clean_starts_on(self) -> date:
        return within_a_year(self.cleaned_data["starts_on"], self.today)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        starts, ends = answers.get("starts_on"), answers.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "Enter a last day on or after the first, or none")
        return answers


class EndRoleForm(forms.Form):
    when = OneChoiceField(
        label="When does it end?",
        choices=(("NOW", "At once"), ("DAY", "At the end of a day")),
        widget=Radios(reveals={"DAY": "last_day"}),
        error_messages={"required": "Say when it ends"},
    )
    last_day = ThreeBoxDateField(label="Last day on which they hold it", required=False)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("when") == "NOW":
            answers["last_day"] = self.today - timedelta(days=1)
        elif answers.get("when") == "DAY" and "last_day" not in self.errors:
            day = answers.get("last_day")
            if day is None:
                self.add_error("last_day", "Enter the last day")
            elif not self.today <= day <= self.today + timedelta(days=365):
                self.add_error("last_day", "Enter today or a day within the next year")
        return answers


class MoveForm(forms.Form):
    leaves = OneChoiceField(label="Which unit do they leave?")
    joins = OneChoiceField(label="Which unit do they join?")
    day = ThreeBoxDateField(
        label="From which day?",
        help_text="On this day they are in the new unit, and no more in the one they leave.",
        error_messages={"required": "Enter the first day in the new unit"},
    )

    def __init__(self, *args: Any, memberships: Choices, units: Choices, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        leaves, joins = self.fields["leaves"], self.fields["joins"]
        leaves.choices = [*memberships, (NO_UNIT, "None: they stay where they are")]  # type: ignore[attr-defined]
        leaves.error_messages["required"] = "Choose the unit they leave, or none"
        joins.choices = [*units, (NO_UNIT, "None: they only leave")]  # type: ignore[attr-defined]
        joins.error_messages["required"] = "Choose the unit they join, or none"

    def clean_day(self) -> date:
        return within_a_year(self.cleaned_data["day"], self.today)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("leaves") == answers.get("joins") == NO_UNIT:
            self.add_error("joins", "Nothing would change. Choose a unit that they leave, or one that they join")
        return answers

    def key_of(self, name: str) -> int | None:
        chosen = self.cleaned_data[name]
        return None if chosen == NO_UNIT else int(chosen)


class DeactivateForm(forms.Form):
    because = NarrativeField(
        label="Why?",
        help_text="A few words for other administrators, such as “Left the force” or “Long leave”. Nothing about any case.",
        max_length=200,
        error_messages={"required": "Say why they are deactivated"},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class UnitForm(forms.Form):
    name = PlainTextField(label="Name", max_length=200, error_messages={"required": "Enter the name of the unit"})
    parent = OneChoiceField(
        label="Which unit is it part of?",
        help_text="Supervisors of that unit are responsible for this one too, and see its cases.",
        widget=forms.Select,
        required=False,
    )
    hour = forms.IntegerField(
        label="At what hour is the daily message sent?",
        help_text="A whole number from 0 to 22, local time. Each person in the unit gets at most one such message a day.",
        min_value=0,
        max_value=22,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-2", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "Enter a whole number from 0 to 22"),
    )
    quiet_until = ThreeBoxDateField(
        label="Quiet until",
        help_text=(
            "For a unit that has just brought its old cases in. Until this day nothing of this unit’s cases is escalated. Officers and "
            f"supervisors are still reminded. At most {LONGEST_QUIET_DAYS} days ahead."
        ),
        required=False,
    )

    marks_optional = True

    def __init__(self, *args: Any, parents: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"].choices = [("", "None: it is at the top"), *parents]  # type: ignore[attr-defined]

    def answers(self) -> dict[str, Any]:
        given = self.cleaned_data
        parent = int(given["parent"]) if given["parent"] else None
        return {"name": given["name"], "parent_id": parent, "hour": given["hour"], "quiet_until": given["quiet_until"]}


class AddUnitForm(UnitForm):
    organisation = OneChoiceField(label="Organisation", error_messages={"required": "Choose the organisation it belongs to"})

    field_order = ("organisation", "name", "parent", "hour", "quiet_until")

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].choices = [(str(one.pk), one.name) for one in organisations]  # type: ignore[attr-defined]
