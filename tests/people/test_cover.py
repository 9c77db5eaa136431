"""Who may say who covers for whom, and on which days."""

from datetime import timedelta
from itertools import chain, combinations, product
from typing import Any

import pytest
from django.db import IntegrityError

from people.cover.operations import COMPLETES_YOUR_REVIEWS
from people.cover.rules import FITTING, can_cover
from people.models import Cover, PeopleChange
from people.roles import OrganisationKind, Role
from tests import forms
from tests.access.scene import savepoint
from tests.access.sql import ask, refused
from tests.covers import cover
from tests.pages import assert_kept, assert_says
from tests.worlds import MONDAY, at, building, enrol, log_case, set_clock

TODAY = MONDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def tuesday(force: Any) -> None:
    set_clock(at(TODAY))


def typed(covering: Any, starts_on: Any = TODAY, days: int = 10, reason: str = "LEAVE") -> dict[str, str]:
    last = starts_on + timedelta(days=days - 1)
    return {
        "covering": str(covering.pk),
        **forms.date_boxes("starts_on", starts_on),
        **forms.date_boxes("ends_on", last),
        "reason": reason,
    }


def covers() -> list[tuple[Any, ...]]:
    with building():
        return list(Cover.objects.order_by("pk").values_list("absent_id", "covering_id", "set_by_id", "reason", "ended_by_id"))


def test_code_and_database_agree_on_who_can_do_whose_work(force):
    roles = sorted(FITTING)
    held = [list(some) for some in chain.from_iterable(combinations(roles, size) for size in range(len(roles) + 1))]
    pairs = list(product(held, held))
    with building():
        said = ask(
            "SELECT rasso.can_cover(string_to_array(a, ' '), string_to_array(c, ' ')) FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY p(a, c, n)"
            " ORDER BY n",
            [" ".join(absent) for absent, _ in pairs],
            [" ".join(covering) for _, covering in pairs],
        )
    assert [answer for (answer,) in said] == [can_cover(absent, covering) for absent, covering in pairs]


def test_asks_somebody_to_cover_for_oneself(as_user, force):
    browser = as_user(force.investigator)
    page = browser.get("/cover/set/").content.decode()
    assert "Invented Other Investigator, Invented Team One" in page and "Superintendent" not in page
    answer = browser.post("/cover/set/", typed(force.other_investigator), follow=True).content.decode()
    assert "Cover is set." in answer and "until 12 November 2026" in answer and "On leave" in answer
    assert covers() == [(force.investigator.pk, force.other_investigator.pk, force.investigator.pk, "LEAVE", None)]


def test_inspector_sets_it_for_somebody_ill_and_only_they_read_why(as_user, force):
    browser = as_user(force.inspector)
    assert "Invented Sergeant" in browser.get("/cover/").content.decode()
    answer = browser.post(f"/cover/set/?who={force.sergeant.pk}", typed(force.other_sergeant, reason="ILLNESS"), follow=True)
    assert "Ill" in answer.content.decode()
    assert covers() == [(force.sergeant.pk, force.other_sergeant.pk, force.inspector.pk, "ILLNESS", None)]
    theirs = as_user(force.other_sergeant).get("/cover/").content.decode()
    assert (
        "covers for <strong>DS Invented Sergeant</strong>" in theirs
        and "<li>Ill</li>" not in theirs
        and "End cover" not in theirs
    )


def test_cover_of_who_is_away_is_not_passed_on_and_the_page_says_so(as_user, force):
    cover(force.investigator, force.other_investigator, TODAY)
    with building():
        third = enrol("third", force.police, [Role.INVESTIGATOR], force.unit)
    answer = as_user(force.other_investigator).post("/cover/set/", typed(third), follow=True).content.decode()
    assert "Cover for DC Invented Investigator is not passed on with it" in answer


@pytest.mark.parametrize("who", ["first_officer", "administrator", "analyst"])
def test_page_is_hidden_from_whoever_has_no_such_work(as_user, force, who):
    user = force.people.get(who.upper()) or getattr(force, who)
    assert as_user(user).get("/cover/").status_code == 404
    assert as_user(user).post("/cover/set/", typed(force.investigator)).status_code == 404


def test_nobody_sets_cover_outside_their_units_or_above_their_rank(as_user, force):
    """Nor because they cover for a supervisor there: no cover is made out of another. A Sergeant sets none for another Sergeant."""
    with building():
        peer = enrol("peer_sergeant", force.police, [Role.SERGEANT], force.unit)
    cover(force.sergeant, force.other_sergeant, TODAY)
    for user, person in (
        (force.other_sergeant, force.investigator),
        (force.sergeant, force.inspector),
        (force.investigator, force.other_investigator),
        (force.sergeant, peer),
    ):
        assert as_user(user).get(f"/cover/set/?who={person.pk}").status_code == 404
        assert as_user(user).post(f"/cover/set/?who={person.pk}", typed(force.other_investigator)).status_code == 404
        with refused("may not set this cover"):
            cover(person, force.people[Role.INVESTIGATOR], TODAY, by=user)
    for nobody in ("0", "x", "9" * 30, "-1"):
        assert as_user(force.sergeant).get(f"/cover/set/?who={nobody}").status_code in (200, 404)


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"covering": ""}, "covering", "Choose who covers"),
        (forms.date_boxes("starts_on", TODAY - timedelta(days=1)), "starts_on", "Enter today or a later day"),
        (forms.date_boxes("starts_on", TODAY + timedelta(days=400)), "starts_on", "Enter a day within a year from today"),
        (forms.date_boxes("ends_on", TODAY - timedelta(days=1)), "ends_on", "Enter 3 November 2026 or a later day"),
        (
            forms.date_boxes("ends_on", TODAY + timedelta(days=60)),
            "ends_on",
            "Enter 1 January 2027 or an earlier day. For longer, hand the cases over",
        ),
        ({"reason": ""}, "reason", "Choose why you are away"),
    ],
)
def test_wrong_input_says_what_to_do_and_saves_nothing(as_user, force, changed, field, sentence):
    sent = {**typed(force.other_investigator), **changed}
    sheet = assert_says(as_user(force.investigator).post("/cover/set/", sent), field, sentence)
    assert_kept(sheet, {"starts_on_year": sent["starts_on_year"], "ends_on_day": sent["ends_on_day"]})
    assert covers() == []


@pytest.mark.parametrize("covering", ["superintendent", "investigator", "liaison_officer"])
def test_only_whoever_is_in_the_list_can_be_chosen(as_user, force, covering):
    """Also not oneself."""
    answer = as_user(force.investigator).post("/cover/set/", typed(getattr(force, covering)))
    assert answer.status_code == 422 and covers() == []


def test_sixty_days_are_the_most_in_the_database_as_well(force):
    cover(force.investigator, force.other_investigator, TODAY, days=60)
    with building(), pytest.raises(IntegrityError, match="cover_is_for_60_days_at_most"):
        Cover.objects.update(ends_on=TODAY + timedelta(days=60))


@pytest.mark.parametrize("kind", [OrganisationKind.POLICE, OrganisationKind.PROSECUTION])
def test_database_takes_nobody_who_is_not_of_the_police(force, kind):
    """Whatever the row says about the kind."""
    key = cover(force.investigator, force.other_investigator, TODAY)
    with building(), pytest.raises(IntegrityError), savepoint():
        Cover.objects.filter(pk=key).update(covering=force.user(Role.PROSECUTOR), organisation_kind=kind)
        ask("SET CONSTRAINTS ALL IMMEDIATE")


def test_two_do_not_cover_for_one_person_on_the_same_day(as_user, force):
    first = cover(force.investigator, force.other_investigator, TODAY, days=3)
    browser = as_user(force.investigator)
    page = browser.post("/cover/set/", typed(force.sergeant, TODAY + timedelta(days=2)))
    assert page.status_code == 409
    assert (
        "DC Invented Other Investigator covers for DC Invented Investigator from 3 November 2026 to 5 November 2026 already."
        in page.content.decode()
    )
    with pytest.raises(IntegrityError, match="somebody covers on these days already"), savepoint():
        cover(force.investigator, force.sergeant, TODAY + timedelta(days=2))
    assert browser.post("/cover/set/", typed(force.sergeant, TODAY + timedelta(days=3))).status_code == 302
    # What was ended takes no day.
    assert browser.post(f"/cover/{first}/end/").status_code == 302
    assert browser.post("/cover/set/", typed(force.sergeant, TODAY, days=2)).status_code == 302


def test_who_is_away_does_not_cover(as_user, force):
    cover(force.other_investigator, force.sergeant, TODAY + timedelta(days=5))
    page = as_user(force.investigator).post("/cover/set/", typed(force.other_investigator))
    assert page.status_code == 409 and "DC Invented Other Investigator is away themselves" in page.content.decode()
    with pytest.raises(IntegrityError, match="away themselves"), savepoint():
        cover(force.investigator, force.other_investigator, TODAY)


def test_is_ended_by_the_absent_person_or_their_supervisors_and_nobody_else(as_user, force):
    key = cover(force.investigator, force.other_investigator, TODAY)
    for other in (force.other_investigator, force.other_sergeant, force.superintendent, force.user(Role.ADMINISTRATOR)):
        for method in ("get", "post"):
            assert getattr(as_user(other), method)(f"/cover/{key}/end/").status_code == 404
    page = as_user(force.sergeant).get(f"/cover/{key}/end/").content.decode()
    assert "DC Invented Other Investigator covers for DC Invented Investigator until 12 November 2026." in " ".join(page.split())
    assert as_user(force.sergeant).post(f"/cover/{key}/end/").status_code == 302
    assert covers()[0][-1] == force.sergeant.pk
    assert as_user(force.sergeant).post(f"/cover/{key}/end/").status_code == 404


def test_form_sent_twice_sets_it_once(as_user, force):
    browser, once = as_user(force.investigator), "0199aaaa-0000-7000-8000-000000000009"
    for _ in range(2):
        assert browser.post("/cover/set/", {**typed(force.other_investigator), "once": once}).status_code == 302
    assert len(covers()) == 1


def test_stand_in_is_who_covers_today(force):
    cover(force.investigator, force.other_investigator, TODAY + timedelta(days=1), days=1)
    found = []
    for day in range(3):
        set_clock(at(TODAY + timedelta(days=day)))
        with building():
            found += ask("SELECT rasso.stand_in(%s)", force.investigator.pk)
    assert [key for (key,) in found] == [force.investigator.pk, force.other_investigator.pk, force.investigator.pk]


def test_nobody_makes_themself_the_one_who_covers_for_another(as_user, force):
    """It would open all cases of the other to them at once."""
    with building():
        other_inspector = enrol("other_inspector", force.police, [Role.INSPECTOR], force.above)
    for user, person in (
        (force.sergeant, force.investigator),
        (force.inspector, force.sergeant),
        (force.inspector, other_inspector),
    ):
        address = f"/cover/set/?who={person.pk}"
        page = as_user(user).get(address).content.decode()
        assert f'value="{user.pk}"' not in page
        assert as_user(user).post(address, typed(user)).status_code == 422
        with refused("nobody makes themself the one who covers"):
            cover(person, user, TODAY, by=user)
    assert covers() == []


def test_nobody_asks_whoever_completes_the_reviews_of_their_cases(as_user, force):
    """Their own reviewer could review none of those cases any more. An inspector sets it where it must be."""
    assert as_user(force.investigator).post("/cover/set/", typed(force.other_investigator, days=1)).status_code == 302
    log_case(force)
    later = TODAY + timedelta(days=1)
    for reviewer in (force.sergeant, force.inspector):
        page = as_user(force.investigator).post("/cover/set/", typed(reviewer, later))
        assert page.status_code == 409 and COMPLETES_YOUR_REVIEWS in page.content.decode()
        with refused("nobody asks whoever completes the reviews of their cases"):
            cover(force.investigator, reviewer, later)
    assert as_user(force.investigator).post("/cover/set/", typed(force.other_sergeant, later, days=1)).status_code == 302
    day = later + timedelta(days=1)
    assert (
        as_user(force.inspector).post(f"/cover/set/?who={force.investigator.pk}", typed(force.sergeant, day)).status_code == 302
    )


def test_each_cover_set_and_ended_is_written_down(as_user, force):
    key = cover(force.investigator, force.other_investigator, TODAY, by=force.sergeant)
    assert as_user(force.sergeant).post(f"/cover/{key}/end/").status_code == 302
    kept = cover(force.investigator, force.other_investigator, TODAY)
    administrator = as_user(force.user(Role.ADMINISTRATOR))
    page = " ".join(administrator.get(f"/people/{force.investigator.pk}/").content.decode().split())
    assert "Covered by DC Invented Other Investigator from 3 November 2026 until 12 November 2026" in page
    assert "Covered by DC Invented Other Investigator no more from 3 November 2026" in page
    sent = {"version": 1, "because": "Left"}
    assert administrator.post(f"/people/{force.other_investigator.pk}/deactivate/", sent).status_code == 302
    with building():
        found = (
            PeopleChange.objects.filter(what__startswith="COVER").order_by("pk").values_list("what", "person_id", "by__username")
        )
        assert [(what, by) for what, person, by in found if person == force.investigator.pk] == [
            ("COVER_SET", "sergeant"),
            ("COVER_ENDED", "sergeant"),
            ("COVER_SET", "investigator"),
            ("COVER_ENDED", "administrator"),
        ]
        assert Cover.objects.get(pk=kept).ended_at is not None
