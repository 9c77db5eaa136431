"""Offences are offered and refused by the dates on which they happened."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.offences import GROUPS, OFFENCES, Offence, list_name, offences_for, sentence_when_not_in_force
from cases.rulepacks import EW, JE, PROFILES

BY_CODE = {offence.code: offence for offence in OFFENCES}
DAYS = st.dates(date(1950, 1, 1), date(2026, 12, 31))


def offered(profile: str, begins: date | None, ends: date | None) -> set[str]:
    rows = [offence for offence in OFFENCES if offence.profile == profile]
    return {offence.code for offence in offences_for(rows, begins, ends)}


@pytest.mark.parametrize(
    ("profile", "day", "there", "not_there"),
    [
        (
            JE,
            date(2018, 11, 22),
            {"JE-CUSTOMARY-RAPE", "JE-CUSTOMARY-SODOMY", "JE-CUSTOMARY-RAPE-ATTEMPT"},
            {"JE-2018-5", "JE-2018-18"},
        ),
        (JE, date(2018, 11, 23), {"JE-2018-5", "JE-2018-6", "JE-2018-5-ATTEMPT"}, {"JE-CUSTOMARY-RAPE", "JE-1895-UNDER-16"}),
        # The 2018 Law left customary indecent assault standing.
        (JE, date(2018, 11, 22), {"JE-CUSTOMARY-INDECENT-ASSAULT"}, set()),
        (JE, date(2026, 7, 1), {"JE-CUSTOMARY-INDECENT-ASSAULT"}, {"JE-2007-2"}),
        (EW, date(2004, 4, 30), {"EW-1956-1", "EW-1956-14", "EW-1960-1"}, {"EW-2003-1-ADULT", "EW-2003-3"}),
        (EW, date(2004, 5, 1), {"EW-2003-1-ADULT", "EW-2003-2", "EW-2003-16-19"}, {"EW-1956-1", "EW-BEFORE-OTHER"}),
        (EW, date(2017, 4, 2), set(), {"EW-2003-15A"}),
        (EW, date(2017, 4, 3), {"EW-2003-15A"}, {"EW-2003-67A"}),
        (EW, date(2019, 4, 11), set(), {"EW-2003-67A"}),
        (EW, date(2019, 4, 12), {"EW-2003-67A"}, {"EW-2003-66A"}),
        (EW, date(2024, 1, 30), set(), {"EW-2003-66A", "EW-2003-66B"}),
        (EW, date(2024, 1, 31), {"EW-2003-66A", "EW-2003-66B"}, set()),
        (EW, date(1981, 8, 26), {"EW-ATTEMPT-COMMON-LAW", "EW-1956-1"}, {"EW-ATTEMPT", "EW-1956-1-ATTEMPT"}),
        (EW, date(1981, 8, 27), {"EW-ATTEMPT", "EW-1956-1-ATTEMPT"}, {"EW-ATTEMPT-COMMON-LAW"}),
        (EW, date(1956, 12, 31), {"EW-BEFORE-OTHER"}, {"EW-1956-1"}),
    ],
)
def test_what_is_offered_for_a_day(profile: str, day: date, there: set[str], not_there: set[str]) -> None:
    codes = offered(profile, day, day)
    assert there <= codes
    assert not not_there & codes


def test_a_span_across_the_change_offers_both_laws() -> None:
    codes = offered(JE, date(2018, 11, 22), date(2018, 11, 23))
    assert {"JE-CUSTOMARY-RAPE", "JE-2018-5"} <= codes
    codes = offered(EW, date(2004, 1, 1), date(2004, 12, 31))
    assert {"EW-1956-1", "EW-2003-1-ADULT"} <= codes


@pytest.mark.parametrize("profile", PROFILES)
def test_all_are_offered_when_the_dates_are_not_known(profile: str) -> None:
    assert offered(profile, None, None) == {offence.code for offence in OFFENCES if offence.profile == profile}


def test_one_known_date_counts_for_both_ends() -> None:
    day = date(2018, 11, 22)
    assert offered(JE, day, None) == offered(JE, None, day) == offered(JE, day, day)


@settings(deadline=None)
@given(profile=st.sampled_from(PROFILES), ends=st.tuples(DAYS, DAYS))
def test_offered_and_refused_never_disagree(profile: str, ends: tuple[date, date]) -> None:
    begins, until = sorted(ends)
    codes = offered(profile, begins, until)
    for offence in OFFENCES:
        if offence.profile != profile:
            continue
        plain = not ((offence.valid_from and until < offence.valid_from) or (offence.valid_to and offence.valid_to < begins))
        assert (offence.code in codes) is plain
        assert (sentence_when_not_in_force(offence, begins, until) is None) is plain


@settings(deadline=None)
@given(profile=st.sampled_from(PROFILES), day=DAYS)
def test_there_is_always_something_to_choose(profile: str, day: date) -> None:
    assert {f"{profile}-OTHER"} < offered(profile, day, day)


@pytest.mark.parametrize(
    ("code", "begins", "ends", "sentence"),
    [
        (
            "JE-2018-5",
            date(2010, 6, 1),
            date(2010, 6, 1),
            "Rape (article 5) began on 23 November 2018. For 2010 choose from the customary-law list below.",
        ),
        (
            "JE-2018-5",
            date(2010, 6, 1),
            date(2012, 6, 1),
            "Rape (article 5) began on 23 November 2018. For 2010 to 2012 choose from the customary-law list below.",
        ),
        (
            "JE-2018-5",
            date(2018, 11, 22),
            date(2018, 11, 22),
            "Rape (article 5) began on 23 November 2018. For 22 November 2018 choose from the customary-law list below.",
        ),
        (
            "JE-CUSTOMARY-RAPE",
            date(2018, 11, 23),
            date(2018, 12, 1),
            "Rape (customary law) ended on 22 November 2018. For 23 November 2018 to 1 December 2018 choose from the list of the 2018 Law below.",
        ),
        (
            "JE-CUSTOMARY-SODOMY",
            date(2020, 1, 1),
            None,
            "Sodomy (customary law) ended on 22 November 2018. For 2020 choose from the list of the 2018 Law below.",
        ),
        (
            "EW-2003-1-ADULT",
            date(2003, 1, 1),
            date(2003, 1, 1),
            "Rape of a person aged 16 or over (section 1) began on 1 May 2004. For 2003 choose from the list of offences before May 2004 below.",
        ),
        (
            "EW-1956-14",
            date(2010, 1, 1),
            date(2010, 1, 1),
            "Indecent assault on a woman or girl (section 14, 1956 Act) ended on 30 April 2004. For 2010 choose from the list of the 2003 Act below.",
        ),
        # A later section: the list is the one of the same Act.
        (
            "EW-2003-67A",
            date(2010, 1, 1),
            date(2010, 1, 1),
            "Voyeurism under clothing (section 67A) began on 12 April 2019. For 2010 choose from the list of the 2003 Act below.",
        ),
        # A span over the change of law: no one list is named.
        (
            "EW-2003-67A",
            date(2003, 1, 1),
            date(2005, 1, 1),
            "Voyeurism under clothing (section 67A) began on 12 April 2019. For 2003 to 2005 choose from the list below.",
        ),
    ],
)
def test_the_sentence_for_an_offence_not_in_force(code: str, begins: date, ends: date | None, sentence: str) -> None:
    assert sentence_when_not_in_force(BY_CODE[code], begins, ends) == sentence


@pytest.mark.parametrize(
    ("code", "begins", "ends"),
    [
        ("JE-2018-5", date(2018, 11, 23), date(2018, 11, 23)),
        ("JE-2018-5", date(2010, 1, 1), date(2018, 11, 23)),
        ("JE-2018-5", None, None),
        ("JE-CUSTOMARY-RAPE", date(2018, 11, 22), date(2018, 11, 22)),
        ("EW-2003-3", date(2004, 5, 1), date(2004, 5, 1)),
        ("EW-1956-1", date(2004, 4, 30), date(2004, 4, 30)),
    ],
)
def test_no_sentence_when_it_was_in_force_or_the_dates_are_not_known(code: str, begins: date | None, ends: date | None) -> None:
    assert sentence_when_not_in_force(BY_CODE[code], begins, ends) is None


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        ("JE-2018-5", "List of the 2018 Law"),
        ("JE-CUSTOMARY-RAPE", "Customary-law list"),
        ("JE-CUSTOMARY-INDECENT-ASSAULT", "List for every date"),
        ("EW-2003-66A", "List of the 2003 Act"),
        ("EW-1956-1", "List of offences before May 2004"),
    ],
)
def test_the_heading_a_row_stands_under(code: str, heading: str) -> None:
    assert list_name(BY_CODE[code]) == heading


def test_codes_are_unique_and_labels_can_be_told_apart() -> None:
    assert len(BY_CODE) == len(OFFENCES)
    names = [(offence.profile, str(offence)) for offence in OFFENCES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("offence", OFFENCES, ids=lambda offence: offence.code)
def test_each_row_fits_its_columns(offence: Offence) -> None:
    from cases.models import OffenceType

    for field in ("code", "profile", "law", "provision", "label", "group", "home_office_class"):
        value = getattr(offence, field)
        assert len(value) <= OffenceType._meta.get_field(field).max_length
        assert value == value.strip()
    assert offence.group in GROUPS
    assert offence.profile in PROFILES
    assert offence.code.startswith(f"{offence.profile}-")
    assert offence.valid_from is None or offence.valid_to is None or offence.valid_from <= offence.valid_to


def test_only_england_and_wales_have_home_office_classes() -> None:
    assert not [offence.code for offence in OFFENCES if offence.profile == JE and offence.home_office_class]


def test_every_article_of_the_2018_law_that_the_force_investigates_is_listed() -> None:
    assert {f"JE-2018-{article}" for article in range(5, 19)} <= set(BY_CODE)
