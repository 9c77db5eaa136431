"""Forms come out in the markup of the design system, with every label, hint and error tied to its control."""

from datetime import date
from html.parser import HTMLParser
from typing import Any

from django import forms

from kit.fields import DateAndTimeField, DateAndTimeInput, OneChoiceField, PlainTextField, Radios, ThreeBoxDateField
from rasso.forms import GovukRenderer
from rasso.templatetags import govuk
from tests.frontend import style_sheet
from tests.frontend.conftest import render


class Elements(HTMLParser):
    """The start tags of a text, in order, with what each id is."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(str(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute stands twice in {attrs}"
        self.all.append((tag, dict(attrs)))

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.all if attribute in attrs]

    def with_id(self, name: str) -> dict[str, str | None]:
        (found,) = [attrs for _, attrs in self.all if attrs.get("id") == name]
        return found


class Short(forms.Form):
    name = PlainTextField(label="Name", help_text="As <b>written</b>")
    day = ThreeBoxDateField(label="Day")
    place = OneChoiceField(
        label="Place", choices=[("A", "Here"), ("B", "There")], widget=Radios(reveals={"B": "where"}, hints={"A": "In Jersey"})
    )
    where = PlainTextField(label="Where?", required=False)


def test_every_form_uses_our_renderer() -> None:
    assert isinstance(forms.Form().renderer, GovukRenderer)


def test_every_id_is_unique_and_every_reference_leads_somewhere() -> None:
    for form in (style_sheet.EveryField(), style_sheet.filled_in_wrongly()):
        page = Elements(str(form))
        ids = page.values("id")
        assert len(ids) == len(set(ids))
        for attribute in ("for", "aria-describedby", "data-aria-controls", "aria-controls"):
            for names in page.values(attribute):
                assert set(names.split()) <= set(ids), (attribute, names)


def test_every_visible_control_has_a_label_or_stands_in_a_group() -> None:
    page = Elements(str(style_sheet.EveryField()))
    labelled = set(page.values("for"))
    for tag, attrs in page.all:
        if tag in {"input", "select", "textarea"} and attrs.get("type") != "hidden":
            assert attrs["id"] in labelled


def test_the_error_of_a_field_is_tied_to_it() -> None:
    form = Short({"name": "a\x00b", "day_day": "1", "day_month": "2", "day_year": ""})
    page = Elements(str(form))
    name = page.with_id("id_name")
    assert name["aria-describedby"] == "id_name_helptext id_name_error"
    assert name["aria-invalid"] == "true"
    assert name["class"] == "govuk-input govuk-input--error"
    assert page.with_id("id_day_year")["class"].endswith("govuk-input--error")  # type: ignore[union-attr]
    assert not page.with_id("id_day_day")["class"].endswith("govuk-input--error")  # type: ignore[union-attr]
    assert "aria-invalid" not in page.with_id("id_place_0")


def test_hints_are_text() -> None:
    assert "As &lt;b&gt;written&lt;/b&gt;" in str(Short())


def test_what_was_typed_stays_also_when_it_is_wrong() -> None:
    form = Short({"name": "<Zoë>", "day_day": "31", "day_month": "Feb", "day_year": "x", "place": "B", "where": "Alderney"})
    page = Elements(str(form))
    assert page.with_id("id_name")["value"] == "<Zoë>"
    assert [page.with_id(f"id_day_{box}")["value"] for box in ("day", "month", "year")] == ["31", "Feb", "x"]
    assert "checked" in page.with_id("id_place_1")
    assert page.with_id("id_where")["value"] == "Alderney"


def test_first_values_fill_the_boxes() -> None:
    page = Elements(str(Short(initial={"day": date(2026, 2, 9)})))
    assert [page.with_id(f"id_day_{box}")["value"] for box in ("day", "month", "year")] == ["9", "2", "2026"]


def test_a_revealed_field_stands_once_and_under_its_option() -> None:
    html = str(Short({"place": "A"}))
    assert html.count('name="where"') == 1
    assert html.index('id="id_place_1_revealed"') < html.index('name="where"')
    assert "govuk-radios__conditional--hidden" in html
    assert "govuk-radios__conditional--hidden" not in str(Short({"place": "B"}))


def test_an_option_may_reveal_several_fields() -> None:
    class Between(forms.Form):
        when = OneChoiceField(
            label="When?",
            choices=[("ON", "On a date"), ("BETWEEN", "Between")],
            widget=Radios(reveals={"BETWEEN": ("first", "last")}),
        )
        first = PlainTextField(label="First", required=False)
        last = PlainTextField(label="Last", required=False)

    html = str(Between())
    start = html.index('id="id_when_1_revealed"')
    assert start < html.index('name="first"') < html.index('name="last"')
    assert html.count("govuk-radios__conditional--hidden") == 1
    assert html.count('name="first"') == html.count('name="last"') == 1


def test_browsers_neither_check_nor_remember() -> None:
    html = str(style_sheet.EveryField())
    assert " required" not in html
    assert Elements(html).with_id("id_account")["autocomplete"] == "off"
    assert Elements(html).with_id("id_password")["autocomplete"] == "current-password"


def test_a_prefix_reaches_the_boxes_and_the_button_for_the_same_time() -> None:
    class Two(forms.Form):
        first = DateAndTimeField(label="First")
        second = DateAndTimeField(label="Second", widget=DateAndTimeInput(fills_like="first"))

    html = str(Two(prefix="case-1"))
    assert 'data-fill="case-1-first"' in html
    assert 'data-boxes="case-1-first"' in html
    assert 'data-fill="first"' in str(Two())


def test_labels_say_what_is_optional_or_needed_if_the_form_wants_it() -> None:
    class Optional(Short):
        marks_optional = True

    class Needed(Short):
        marks_needed = True

    assert "(optional)" not in str(Short())
    assert str(Optional()).count("(optional)") == 0  # "Where?" is optional, but asked only of some
    assert str(Needed()).count("(needed now)") == 3
    assert str(style_sheet.EveryField()).count("(optional)") == 1


def test_a_question_can_be_the_heading_of_the_page() -> None:
    context: dict[str, Any] = {"form": Short()}
    html = render('{% load govuk %}{% field form.name is_heading=True size="l" %}{% field form.day is_heading=True %}', context)
    assert '<h1 class="govuk-label-wrapper">' in html
    assert "govuk-label--l" in html
    assert '<h1 class="govuk-fieldset__heading">' in html


# Error summary -------------------------------------------------------------------------------------------------------


def test_the_summary_leads_to_the_first_wrong_box_or_option() -> None:
    form = Short({"name": "x", "day_day": "1", "day_month": "2", "day_year": ""})
    form.add_error(None, "Recorded cannot be before reported.")
    assert govuk.problems_of(form) == [
        ("Recorded cannot be before reported.", "id_name"),
        ("Enter the year", "id_day_year"),
        ("Choose one answer", "id_place_0"),
    ]


def test_every_line_of_the_summary_leads_to_a_control() -> None:
    form = style_sheet.filled_in_wrongly()
    controls = {attrs.get("id") for tag, attrs in Elements(str(form)).all if tag in {"input", "select", "textarea"}}
    problems = govuk.problems_of(form)
    assert len(problems) == sum(len(errors) for errors in form.errors.values())
    assert {problem.link for problem in problems} <= controls


def test_the_summary_lists_formsets_in_order() -> None:
    FormSet = forms.formset_factory(Short, extra=0, min_num=3, validate_min=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "x", "form-1-name": "", "form-1-place": "A"}
    links = [problem.link for problem in govuk.problems_of(FormSet(data))]
    assert links == [
        "id_form-0-name", "id_form-0-day_day", "id_form-0-place_0", "id_form-1-name", "id_form-1-day_day",
    ]  # fmt: skip


def test_the_summary_takes_what_the_page_holds() -> None:
    page = "{% load govuk %}{% error_summary %}"
    assert render(page, {}).strip() == ""
    assert render(page, {"form": Short()}).strip() == ""
    html = render(page, {"form": Short({}), "reasons": ["Tell V1 first."]})
    assert html.index("Tell V1 first.") < html.index('href="#id_name"')


def test_the_summary_escapes_what_was_typed() -> None:
    form = Short({"name": "<script>\x00"})
    html = str(govuk.error_summary({}, form))  # type: ignore[arg-type]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
