"""The rule packs are whole, sourced, and stored without ever moving a date that was given."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from itertools import pairwise

import pytest

from cases.enums import Calendar, ReviewKind, RuleKind
from cases.models import OffenceType, Rule
from cases.offences import OFFENCES
from cases.rulepacks import EW, JE, PROFILES, RULES, WORDS, RuleCode, RuleRow
from people.roles import POLICE_ROLES, Role
from rasso.reference_data import FROZEN, REWORDABLE, RuleChangedUnderItsVersion, load_reference_data, refuse_moved_dates
from tests.worlds import building

BY_KEY = {(rule.profile, rule.code): rule for rule in RULES}


@pytest.mark.parametrize("profile", PROFILES)
def test_each_profile_has_each_rule_once(profile: str) -> None:
    assert sorted(rule.code for rule in RULES if rule.profile == profile) == sorted(RuleCode)
    assert profile in WORDS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.profile}-{rule.code}")
def test_each_row_is_whole_and_fits_its_columns(rule: RuleRow) -> None:
    for field in ("profile", "code", "kind", "label", "calendar", "owner_role", "basis", "source"):
        assert 0 < len(getattr(rule, field)) <= Rule._meta.get_field(field).max_length
    # The target date of an action is set by whoever gives it.
    assert (rule.amount > 0) is (rule.kind != RuleKind.ACTION)
    assert (rule.kind == RuleKind.REVIEW) is (rule.review_kind in ReviewKind)
    assert bool(rule.escalates_to) is (rule.escalates_after is not None)
    assert bool(rule.escalates_further_to) is (rule.escalates_further_after is not None)
    assert {rule.owner_role, rule.escalates_to, rule.escalates_further_to} - {""} <= POLICE_ROLES


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.profile}-{rule.code}")
def test_escalation_climbs(rule: RuleRow) -> None:
    # Late reviews of the prosecutor's further actions go to the Criminal Justice Department (Jersey action 9).
    ranks = [Role.INVESTIGATOR, Role.SERGEANT, Role.INSPECTOR, Role.CRIMINAL_JUSTICE, Role.SUPERINTENDENT]
    steps = [ranks.index(Role(role)) for role in (rule.owner_role, rule.escalates_to, rule.escalates_further_to) if role]
    assert all(lower < higher for lower, higher in pairwise(steps))
    days = [days for days in (rule.escalates_after, rule.escalates_further_after) if days is not None]
    assert days == sorted(set(days))


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.kind == RuleKind.REVIEW], ids=lambda rule: f"{rule.profile}-{rule.code}"
)
def test_reviews_count_calendar_days_and_escalate_in_working_days(rule: RuleRow) -> None:
    """But those that somebody asks for count working days: nobody asks for a review by Sunday."""
    asked_for = rule.review_kind in {ReviewKind.ESCALATED, ReviewKind.BEFORE_NFA}
    assert rule.calendar == (Calendar.WORKING_DAYS if asked_for else Calendar.CALENDAR_DAYS)
    assert rule.escalation_calendar == Calendar.WORKING_DAYS
    assert rule.repeats is (rule.review_kind == ReviewKind.MONTHLY)


@pytest.mark.parametrize(
    ("code", "amount", "owner", "escalation"),
    [
        (RuleCode.REVIEW_14_DAY, 14, Role.SERGEANT, (Role.INSPECTOR, 3, Role.SUPERINTENDENT, 10)),
        (RuleCode.REVIEW_28_DAY, 28, Role.INSPECTOR, (Role.SUPERINTENDENT, 3, "", None)),
        (RuleCode.REVIEW_MONTHLY, 28, Role.SERGEANT, (Role.INSPECTOR, 3, Role.SUPERINTENDENT, 10)),
        (RuleCode.REVIEW_MONTHLY_THIRD, 28, Role.INSPECTOR, (Role.SUPERINTENDENT, 3, "", None)),
        (RuleCode.INVESTIGATION_PLAN, 3, Role.INVESTIGATOR, (Role.SERGEANT, 2, "", None)),
    ],
)
@pytest.mark.parametrize("profile", PROFILES)
def test_who_owns_a_rule_and_who_hears(
    profile: str, code: RuleCode, amount: int, owner: Role, escalation: tuple[str, int, str, int | None]
) -> None:
    rule = BY_KEY[profile, code]
    assert (rule.amount, rule.owner_role) == (amount, owner)
    assert (rule.escalates_to, rule.escalates_after, rule.escalates_further_to, rule.escalates_further_after) == escalation


def test_the_profiles_differ_where_they_must() -> None:
    assert BY_KEY[JE, RuleCode.EARLY_ADVICE_DECISION].amount == 28
    assert BY_KEY[EW, RuleCode.EARLY_ADVICE_DECISION].amount == 14
    assert BY_KEY[JE, RuleCode.EARLY_ADVICE_DECISION].label == "Early investigative advice (EIA) decision"
    assert BY_KEY[EW, RuleCode.EARLY_ADVICE_DECISION].label == "Early-advice decision"
    for profile in PROFILES:
        referral = BY_KEY[profile, RuleCode.SUPPORT_REFERRAL]
        assert (referral.amount, referral.calendar) == (2, Calendar.WORKING_DAYS)
    assert BY_KEY[JE, RuleCode.SUPPORT_REFERRAL].source == "Local standard"


# Storing them


def key(rule: RuleRow) -> tuple[str, str, int]:
    return rule.profile, str(rule.code), rule.version


def test_every_column_is_frozen_or_rewordable() -> None:
    columns = {field.name for field in Rule._meta.get_fields()} - {"id", "profile", "code", "version", "is_local"}
    # Of the force's own rows, which no declaration touches.
    columns -= {"changed_by", "changed_at", "changed_because"}
    assert columns == set(FROZEN) | set(REWORDABLE)
    assert not set(FROZEN) & set(REWORDABLE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", 21),
        ("calendar", Calendar.WORKING_DAYS),
        ("owner_role", Role.INSPECTOR),
        ("escalates_after", 5),
        ("escalates_further_after", None),
        ("escalation_calendar", Calendar.CALENDAR_DAYS),
        ("valid_from", date(2024, 1, 1)),
    ],
)
def test_a_stored_version_is_not_changed_in_what_moves_dates(field: str, value: object) -> None:
    stored = BY_KEY[JE, RuleCode.REVIEW_14_DAY]
    declared = replace(stored, **{field: value})
    with pytest.raises(RuleChangedUnderItsVersion, match=f"REVIEW_14_DAY version 1 is stored with {field} .* declare version 2"):
        refuse_moved_dates({key(stored): asdict(stored)}, {key(declared): asdict(declared)})


def test_a_new_version_or_another_wording_is_accepted() -> None:
    stored = BY_KEY[JE, RuleCode.REVIEW_14_DAY]
    reworded = replace(stored, label="Fourteen-day review", valid_to=date(2026, 12, 31))
    following = replace(stored, version=2, amount=10, valid_from=date(2027, 1, 1))
    refuse_moved_dates({key(stored): asdict(stored)}, {key(row): asdict(row) for row in (reworded, following)})


@pytest.mark.django_db
def test_migrating_stores_what_is_declared() -> None:
    stored = {(rule.profile, rule.code): rule for rule in Rule.objects.all()}
    assert set(stored) == {(profile, str(code)) for profile, code in BY_KEY}
    for names, declared in BY_KEY.items():
        assert {field: getattr(stored[names], field) for field in (*FROZEN, *REWORDABLE)} == {
            field: getattr(declared, field) for field in (*FROZEN, *REWORDABLE)
        }
    assert list(OffenceType.objects.order_by("order").values_list("code", flat=True)) == [offence.code for offence in OFFENCES]
    rape = OffenceType.objects.get(code="JE-2018-5")
    assert str(rape) == str(next(offence for offence in OFFENCES if offence.code == "JE-2018-5"))
    assert rape.valid_from == date(2018, 11, 23)


@pytest.mark.django_db
def test_loading_again_changes_nothing(django_assert_max_num_queries: Callable[..., object]) -> None:
    before = [list(model.objects.order_by("pk").values()) for model in (Rule, OffenceType)]
    with building(), django_assert_max_num_queries(8):
        load_reference_data()
    assert [list(model.objects.order_by("pk").values()) for model in (Rule, OffenceType)] == before


@pytest.mark.django_db
def test_loading_rewords_a_row_and_keeps_its_key() -> None:
    stored = Rule.objects.get(profile=JE, code=RuleCode.REVIEW_14_DAY)
    offence = OffenceType.objects.get(code="JE-2018-5")
    declared = replace(BY_KEY[JE, RuleCode.REVIEW_14_DAY], basis="Another basis")
    with building():
        load_reference_data([replace(OFFENCES[0], label="Rape, reworded")], [declared])
    again = Rule.objects.get(profile=JE, code=RuleCode.REVIEW_14_DAY)
    assert (again.pk, again.basis) == (stored.pk, "Another basis")
    assert OffenceType.objects.get(pk=offence.pk).label == "Rape, reworded"


@pytest.mark.django_db
def test_loading_refuses_a_changed_number_and_stores_nothing() -> None:
    changed = replace(BY_KEY[JE, RuleCode.REVIEW_14_DAY], amount=21)
    reworded = replace(BY_KEY[JE, RuleCode.REVIEW_28_DAY], basis="Another basis")
    with building():
        with pytest.raises(RuleChangedUnderItsVersion):
            load_reference_data(OFFENCES, [reworded, changed])
        assert Rule.objects.get(profile=JE, code=RuleCode.REVIEW_14_DAY).amount == 14
        assert not Rule.objects.filter(basis="Another basis").exists()
