"""Search: who finds what, by what, and what is told of it."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from cases.models import Case, Person, RememberedSearch, SearchWord, Suspect, Victim
from cases.operations.search import remember_search
from kit.binding import bound_to
from people.models import AccessRecord, SearchedWords, User
from tests.access.many import make_cases
from tests.access.sql import ask
from tests.worlds import MONDAY, NOBODY, Force, actor, at, building, log_case, set_clock

LINK = re.compile(r'href="/cases/([A-Z]+-\d{4}-\d+)/"')


@pytest.fixture(autouse=True)
def clock(force: Force) -> None:
    set_clock(at(MONDAY, 10))


def found(client: Client, words: str) -> str:
    """The page of what was found, by the way that a browser takes."""
    answer = client.post("/search/", {"words": words}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def cases_found(client: Client, words: str) -> list[str]:
    return LINK.findall(found(client, words))


def asked(user: User, words: str) -> set[tuple[Any, str]]:
    """Raw, as the web login."""
    with bound_to(user.pk, user.kind, may_write=False):
        return {(key, called) for key, called in ask("SELECT case_id, called FROM rasso.search(%s)", words)}


def rename(case: Case, name: str, aliases: str = "") -> None:
    with building():
        person = Victim.unguarded.get(case=case, number=1).person_id
        Person.unguarded.filter(pk=person).update(name=name, aliases=aliases)


# What is found by what ---------------------------------------------------------------------------------------------------


def test_case_is_found_by_its_reference_whole_or_in_part(as_user, force: Force, case: Case) -> None:
    _, year, number = case.reference.split("-")
    client = as_user(force.investigator)
    for words in (
        case.reference,
        case.reference.lower(),
        f" {case.reference} ",
        case.reference[:-2],
        f"{year}-{number}",
        f"{year} {number}",
        number,
        number[:3],
        number.lstrip("0"),
    ):
        # Year and number apart are two beginnings of one and the same reference.
        assert cases_found(client, words) == [case.reference], words
    assert cases_found(client, f"{case.reference}9") == []


def test_case_is_found_by_its_crime_number_however_its_signs_are_typed(as_user, force: Force) -> None:
    case = log_case(force, crime_number="JE/26-0077 b")
    client = as_user(force.investigator)
    for words in ("JE/26-0077", "je260077b", "je/26"):
        assert cases_found(client, words) == [case.reference], words
    assert "crime number" in found(client, "JE/26-0077")
    # Not by its middle: the beginning of it, as for everything else.
    assert cases_found(client, "0077") == []


def test_case_is_found_by_names_and_aliases_of_victims_and_suspects(as_user, force: Force) -> None:
    case = log_case(force, victim_name="Zoë O'Brien-Smith", suspect_name="Ragnar Łukasz")
    rename(case, "Zoë O'Brien-Smith", "Zed, “the Cat”")
    client = as_user(force.investigator)
    for words in ("zoe", "ZOË", "o'brien", "obrien", "brien", "smith", "zoe smi", "smith zoe", "cat", "zed zo"):
        assert cases_found(client, words) == [case.reference], words
        assert "<li>V1</li>" in found(client, words)
    assert "<li>S1</li>" in found(client, "ragnar")
    # Each word begins a word of one and the same person.
    assert cases_found(client, "zoe ragnar") == []
    assert cases_found(client, "rien") == []


def test_name_that_was_put_right_or_erased_finds_no_more(as_user, force: Force, case: Case) -> None:
    client = as_user(force.investigator)
    rename(case, "Another Person")
    assert cases_found(client, "victim-name") == [] and cases_found(client, "another") == [case.reference]
    with building():
        Suspect.unguarded.filter(case=case).update(person=None)
    assert cases_found(client, "suspect") == []
    with building():
        Person.unguarded.filter(name="Another Person").update(name="")
        left = set(SearchWord.unguarded.filter(case=case).values_list("called", flat=True))
    assert left == {"reference", "crime number"}


def test_blank_crime_number_is_no_word(force: Force, case: Case) -> None:
    with building():
        Case.unguarded.filter(pk=case.pk).update(crime_number=" - ")
        words = list(SearchWord.unguarded.filter(case=case, called="crime number"))
    assert words == []
    for blank in ("", " ", "-", " - ", "%", "/"):
        assert asked(force.investigator, blank) == set(), blank


def test_words_are_the_same_however_they_came(force: Force, case: Case) -> None:
    """By the triggers, as the case was logged; and where a filled database is migrated."""
    other = log_case(force, victim_name="Anna Anna", suspects=2)

    def words() -> set[tuple[Any, ...]]:
        return set(ask("SELECT unit_id, is_restricted, word, case_id, called FROM cases_searchword"))

    with building():
        by_triggers = words()
        keys = [case.pk, other.pk]
        made = ask("SELECT * FROM rasso.words_of_cases(%s) UNION SELECT * FROM rasso.words_of_people(%s, '{V,S}')", keys, keys)
    assert by_triggers == set(made) and len(by_triggers) > 10


def test_words_follow_their_case_to_another_unit_and_go_with_it(force: Force, case: Case) -> None:
    with building():
        before = SearchWord.unguarded.filter(case=case).count()
        Case.unguarded.filter(pk=case.pk).update(unit=force.other_unit)
        assert SearchWord.unguarded.filter(case=case, unit=force.other_unit).count() == before > 0
    assert asked(force.other_sergeant, case.reference) and not asked(force.sergeant, case.reference)


# Whose -------------------------------------------------------------------------------------------------------------------


def test_only_cases_within_the_readers_reach_are_found(force: Force, case: Case) -> None:
    restricted = log_case(force, has_connected_staff=True, connected_user_ids=(force.other_investigator.pk,))
    unallocated = log_case(force, by=force.first_officer, officer=NOBODY)
    everything = {case.pk, restricted.pk, unallocated.pk}
    finds = {
        force.investigator: {case.pk, restricted.pk},
        force.first_officer: {unallocated.pk},
        # Named on the restricted one as its supervisor.
        force.sergeant: everything,
        force.inspector: {case.pk, unallocated.pk},
        force.other_sergeant: set(),
        force.other_investigator: set(),
        force.superintendent: set(),
        force.user("ANALYST"): set(),
        force.user("ADMINISTRATOR"): set(),
    }
    for user, wanted in finds.items():
        for words in ("invented", "je-2026", "inv/", "suspect-name"):
            assert {key for key, _ in asked(user, words)} & everything == wanted, (user, words)
    prosecutor = force.user("PROSECUTOR")
    with pytest.raises(Exception, match="permission denied for function search"):
        asked(prosecutor, "invented")


def test_nobody_is_told_of_more_by_what_lies_out_of_reach(as_user, force: Force, case: Case) -> None:
    """“More than 50” is said of the reader's own; a force full of the same name neither hides nor shows one."""
    rename(case, "Common Name")
    make_cases(force, 60, officer=force.other_investigator)
    with building(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_person (id, name, aliases, force_person_number, added_by_id) SELECT id, 'Common ' || reference, '', '', officer_id"
            " FROM cases_case WHERE crime_number LIKE 'MANY/%%'"
        )
        cursor.execute(
            "UPDATE cases_victim v SET person_id = v.case_id FROM cases_case c WHERE c.id = v.case_id AND c.crime_number LIKE 'MANY/%%'"
        )
    page = found(as_user(force.investigator), "common")
    assert LINK.findall(page) == [case.reference] and "More than" not in page and "1 case" in page
    page = found(as_user(force.sergeant), "common")
    assert len(LINK.findall(page)) == 50 and "More than 50 cases: narrow it down" in page
    assert cases_found(as_user(force.sergeant), "common name") == [case.reference]


def test_search_is_recorded_with_its_words_and_every_case_shown(as_user, force: Force, case: Case) -> None:
    log_case(force, victim_name="Somebody Else")
    client = as_user(force.investigator)
    for words, cases in (("victim-name", [case.pk]), ("nobody here", [])):
        found(client, words)
        with building():
            last = AccessRecord.objects.order_by("-pk")[0]
            kept = SearchedWords.objects.get(record=last).words
        assert (last.kind, last.page, last.case_ids, kept) == ("SEARCHED", "search-results", cases, words)


# What is shown, said and kept ---------------------------------------------------------------------------------------------


def test_names_are_shown_when_asked_for_and_recorded(as_user, force: Force, case: Case) -> None:
    client = as_user(force.investigator)
    answer = client.post("/search/", {"words": "victim-name"}, follow=True)
    page, address = answer.content.decode(), answer.request["PATH_INFO"]
    assert "Invented Victim-Name" not in page
    assert "Invented Victim-Name" in client.get(f"{address}names/").content.decode()
    with building():
        last = AccessRecord.objects.order_by("-pk")[0]
    assert (last.kind, last.page, last.case_ids) == ("NAMES_SHOWN", "search-names", [case.pk])


def test_no_word_stands_in_an_address_or_title(as_user, force: Force, case: Case) -> None:
    client = as_user(force.investigator)
    answer = client.post("/search/", {"words": "victim-name"})
    assert answer.status_code == 302 and re.fullmatch(r"/search/[0-9a-f-]{36}/", answer.headers["Location"])
    for address in (answer.headers["Location"], answer.headers["Location"] + "names/"):
        page = client.get(address).content.decode()
        addresses = re.findall(r'(?:href|action|src)="([^"]*)"', page) + re.findall(r"<title>.*?</title>", page, re.DOTALL)
        assert not [one for one in addresses if "victim" in one.lower() and "/victims/" not in one.lower()]
        # What was typed stands in the box, where the same reader may go on from it.
        assert 'value="victim-name"' in page
    # Going back shows it once more.
    assert client.get(answer.headers["Location"]).status_code == 200


def test_somebody_elses_search_is_not_there(as_user, force: Force, case: Case) -> None:
    address = as_user(force.investigator).post("/search/", {"words": "victim"}).headers["Location"]
    absent = "/search/00000000-0000-7000-8000-000000000000/"
    for user in (force.sergeant, force.inspector, force.other_investigator):
        answers = [as_user(user).get(one) for one in (address, absent, f"{address}names/", f"{absent}names/")]
        assert {answer.status_code for answer in answers} == {404}


def test_search_is_forgotten_after_a_day(force: Force) -> None:
    remember_search(actor=actor(force.investigator), words="first")
    set_clock(at(MONDAY.replace(day=4), 11))
    remember_search(actor=actor(force.investigator), words="second")
    with building():
        assert list(RememberedSearch.unguarded.values_list("words", flat=True)) == ["second"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Enter at least two letters or digits"),
        ("a", "Enter at least two letters or digits"),
        ("a b c", "Enter at least two letters or digits"),
        ("%", "Enter at least two letters or digits"),
        ("__", "Enter at least two letters or digits"),
        ("\\\\", "Enter at least two letters or digits"),
        ("smith\x00", "Delete the character that cannot be shown after “smith”"),
        ("smith\u202ename", "Delete the character that cannot be shown after “smith”"),
        ("x" * 10_000, "Shorten this to 100 characters or fewer. It has 10,000."),
        ("aa bb cc dd ee ff gg", "Enter at most 6 words"),
    ],
)
def test_bad_words_are_refused_and_kept(as_user, force: Force, words: str, sentence: str) -> None:
    answer = as_user(force.investigator).post("/search/", {"words": words})
    assert answer.status_code == 422 and sentence in answer.content.decode()


@pytest.mark.parametrize(
    "words",
    ["%%victim", "vic%", "vi_tim", "vic\\", "'; --", "$$ aa", "victim\u200f name", "[[:alpha:]]+", "aa" * 50, "\U0010ffff" * 9],
)
def test_signs_mean_nothing(as_user, force: Force, case: Case, words: str) -> None:
    """No wildcard, no pattern: they are left out, like the signs in a name."""
    client = as_user(force.investigator)
    answer = client.post("/search/", {"words": words}, follow=True)
    assert answer.status_code in (200, 422)
    wanted = [case.reference] if words in {"%%victim", "vic%", "vic\\", "victim\u200f name"} else []
    assert LINK.findall(answer.content.decode()) == wanted
    if not wanted and answer.status_code == 200:
        assert "No case that you may see was found" in answer.content.decode()
