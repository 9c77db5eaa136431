"""The auditor's pages: who looked at what, what stands out, and what was said of it; never what a case holds."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from audit.models import Breach, Check, DataChange, Seal, Signal, SignalAnswer
from audit.policies import TRAILED
from audit.queries import words as record_words
from audit.signals import SIGNALS
from cases.models import Case, CaseConnection, Message, Review
from information.urls import urlpatterns as information_urls
from kit.binding import bound_to, signed
from people.models import AccessRecord, PeopleChange, Unit, User
from people.roles import OrganisationKind, Role
from tests.access.asking import pages
from tests.access.scene import undone
from tests.access.sql import ask, refused
from tests.information.requesting import VICTIM, choose, open_request
from tests.information.scene import certificate, proposal
from tests.worlds import MONDAY, Force, at, building, enrol, log_case, set_clock

Browser = Callable[[User], Client]


@pytest.fixture
def auditor(force: Force, as_user: Browser) -> Client:
    return as_user(force.user(Role.AUDITOR))


def shown(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:3000]
    return " ".join(strip_tags(answer.content.decode().partition('id="main-content"')[2]).split())


def seal_here() -> None:
    """Seal what this test wrote: its transaction never ends, so the function that asks which have ended is told that all have."""
    with building(), connection.cursor() as cursor:
        cursor.execute("SELECT xact, cluster FROM people_accessrecord ORDER BY id DESC LIMIT 1")
        (xact, cluster) = cursor.fetchone()
        cursor.execute("SELECT set_config('rasso.actor', %s, true)", [signed(0, "system")])
        number = (Seal.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        Seal.objects.create(
            number=number, at=timezone.now(), cluster=cluster, lo=0, hi=xact + 1, form=1, rows=0, last_at=timezone.now(),
            row_digests=b"", digest=b"", prev=b"", hash=bytes([number]),
        )  # fmt: skip
        cursor.execute("SELECT rasso.find_signals(%s, 30, 10)", [number])
        cursor.execute("SELECT set_config('rasso.actor', '', true)")


def entry(user: User, kind: str = "LOOKED_AT", **fields: Any) -> AccessRecord:
    with building():
        ((xact, cluster),) = ask("SELECT pg_current_xact_id()::text::bigint, rasso.cluster()")
        given = {"page": "case", "at": timezone.now(), "xact": xact, "cluster": cluster, **fields}
        return AccessRecord.objects.create(user_id=user.pk, kind=kind, **given)


# Find ---------------------------------------------------------------------------------------------------------------------


def test_case_shows_who_may_see_it_and_who_looked_and_nothing_of_it(
    case: Case, force: Force, as_user: Browser, auditor: Client
) -> None:
    as_user(force.sergeant).get(f"/cases/{case.reference}/")
    page = shown(auditor.post("/audit/", {"reference": case.reference.lower()}, follow=True))
    may_see = page.partition("Who may see it now")[2].partition("Who has looked")[0]
    assert f"{force.investigator.called}: assigned" in may_see
    assert f"{force.sergeant.called}: supervisor of the unit" in may_see
    assert f"{force.inspector.called}: supervisor of the unit" in may_see
    assert force.other_investigator.called not in may_see and force.superintendent.called not in may_see
    assert f"{force.sergeant.called}: last on" in page.partition("Who has looked")[2]
    assert "Looked at" in page and "supervisor of the unit" in page and "Detective Sergeant, Invented Team One" in page
    assert "Victim-Name" not in page and "Suspect-Name" not in page


def test_who_may_see_is_what_the_pages_answer(case: Case, force: Force, as_user: Browser, auditor: Client) -> None:
    with building():
        CaseConnection.unguarded.create(case=case, user=force.sergeant, said_by=force.investigator, said_at=timezone.now())
        ((key,),) = ask("SELECT id FROM cases_case WHERE reference = %s", case.reference)
    with bound_to(force.user(Role.AUDITOR).pk, "police", may_write=False):
        seen_by = {user_id for (user_id,) in ask("SELECT user_id FROM rasso.seers_of(%s)", key)}
        # It is the auditor again afterwards.
        assert ask("SELECT rasso.actor()") == [(force.user(Role.AUDITOR).pk,)]
    for user in force.people.values():
        with undone():
            status = as_user(user).get(f"/cases/{case.reference}/").status_code
        assert (status == 200) is (user.pk in seen_by), user


def test_person_dates_and_kind_narrow_it(force: Force, auditor: Client) -> None:
    entry(force.investigator, page="one-page")
    entry(force.investigator, "LISTED", page="listed-page")
    entry(force.sergeant, page="another-page")
    assert "one page" in (page := shown(auditor.get("/audit/"))) and "listed page" not in page
    found = shown(auditor.post("/audit/", {"person": "investigator", "kind": "all"}, follow=True))
    assert "one page" in found and "listed page" in found and "another page" not in found
    assert "No entries between these dates." in shown(
        auditor.get("/audit/", {"since_day": "1", "since_month": "1", "since_year": "2020", "until_day": "2", "until_month": "1", "until_year": "2020"})
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"reference": "JE-2026-99999"}, "No case has this reference."),
        ({"reference": "x" * 30}, "20 characters"),
        ({"person": "nobody-of-that-name"}, "No member of staff is called that."),
        ({"person": "i"}, "Several people fit. Type one of these user names:"),
        ({"since_day": "9", "since_month": "11", "since_year": "2026", "until_day": "2", "until_month": "11", "until_year": "2026"}, "cannot be before the first"),
        ({"since_day": "40", "since_month": "11", "since_year": "2026"}, "Enter a real date"),
        ({"kind": "EVERYTHING"}, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_found_says_what_to_do(force: Force, auditor: Client, asked: dict[str, str], says: str) -> None:
    answer = auditor.post("/audit/", asked)
    assert says in shown(answer, 422)
    assert all(f'value="{typed}"' in answer.content.decode() for name, typed in asked.items() if name != "kind")


def test_name_that_was_typed_stands_in_no_address(force: Force, case: Case, auditor: Client) -> None:
    family_name = force.investigator.family_name.lower()
    with building():
        User.objects.exclude(pk=force.investigator.pk).update(family_name="Somebody")
    typed = {"person": family_name, "reference": case.reference.lower(), "kind": "all", "since_day": "1", "since_month": "nov", "since_year": "2026"}  # fmt: skip
    address = auditor.post("/audit/", typed)["Location"]
    assert address == (
        f"/audit/?reference={case.reference}&person={force.investigator.pk}&kind=all&since_day=1&since_month=11&since_year=2026#found"
    )
    page = auditor.get(address)
    assert 'value="investigator"' in page.content.decode() and "From 1 November 2026" in shown(page)
    assert auditor.post("/audit/", {"person": ""})["Location"] == "/audit/#found"
    # An address that holds anything else finds nobody.
    for key in ("investigator", "999999", "-1", "9" * 30, "٣"):
        assert "No member of staff has this number." in shown(auditor.get("/audit/", {"person": key}), 422)


def test_export_of_what_is_not_to_be_found_is_no_empty_file(force: Force, auditor: Client) -> None:
    for asked, says in (
        ({"since_day": "31", "since_month": "2", "since_year": "2026"}, "Enter a real date"),
        ({"reference": "JE-2026-99999"}, "No case has this reference."),
        ({"person": "investigator"}, "No member of staff has this number."),
    ):
        assert says in shown(auditor.get("/audit/export/", asked), 422)
    answer = auditor.get("/audit/export/", {"person": force.investigator.pk, "kind": "all"})
    assert answer.status_code == 200
    assert f"investigator ({force.investigator.called})" in answer.content.decode().splitlines()[0]
    with building():
        assert list(AccessRecord.objects.filter(page="export-entries").order_by("id").values_list("kind", flat=True)) == [
            *["LISTED"] * 3,
            "EXPORTED",
        ]


def test_too_many_say_so_and_show_the_newest(force: Force, auditor: Client) -> None:
    with building():
        ask(
            """INSERT INTO people_accessrecord (at, user_id, kind, page, case_ids, on_behalf_of)
               SELECT now(), 1, 'LOOKED_AT', 'case', '{}', '{}' FROM generate_series(1, 1001) RETURNING id"""
        )
    page = shown(auditor.get("/audit/"))
    assert "50 entries on this page, newest first." in page and "More than 1,000 entries." not in page
    assert page.count("Looked at case") == 50 and "Export this list" not in page
    page = shown(auditor.get("/audit/", {"kind": "LOOKED_AT"}))
    assert "More than 1,000 entries. These are the newest. Choose a person, a case or fewer days." in page
    assert page.count("Looked at case") == 50 and "Export this list" not in page
    refused_export = shown(auditor.get("/audit/export/"), 409)
    assert "There are more than 1,000 entries." in refused_export
    assert shown(auditor.get("/audit/", {"person": force.sergeant.pk}))


def test_refusal_says_what_was_refused(case: Case, force: Force, as_user: Browser, auditor: Client) -> None:
    """A review that somebody may not open stands with the case that it is of; somebody they may not look at with their number."""
    with building():
        review = Review.unguarded.filter(case=case).first().pk
    stranger = as_user(force.other_investigator)
    assert stranger.get(f"/reviews/{review}/").status_code == stranger.get(f"/people/{force.sergeant.pk}/").status_code == 404
    assert f"review {review} (404)" in shown(auditor.get("/audit/", {"reference": case.reference}))
    assert f"person {force.sergeant.pk} (404)" in shown(auditor.get("/audit/", {"person": force.other_investigator.pk}))


def test_pages_go_on_where_they_ended(force: Force, auditor: Client) -> None:
    for number in range(52):
        entry(force.investigator, page=f"page-{number:02}-")
    first = auditor.get("/audit/", {"person": force.investigator.pk})
    assert "page 51" in shown(first) and "page 01" not in shown(first)
    (following,) = [word for word in first.content.decode().split('"') if "below=" in word]
    assert "page 01" in shown(auditor.get(following.replace("&amp;", "&").partition("#")[0]))


def test_searched_words_are_shown_once_asked_for_and_that_is_recorded(force: Force, auditor: Client) -> None:
    with bound_to(force.investigator.pk, "police", may_write=False):
        ask("SELECT rasso.record_access('SEARCHED', 'search', '{}', NULL, 'an invented name', '', '', NULL, NULL)")
    with building():
        searched = AccessRecord.objects.get(kind="SEARCHED")
    page = auditor.get("/audit/").content.decode()
    assert f'action="/audit/entries/{searched.pk}/words/"' in page and "an invented name" not in page
    assert "an invented name" in shown(auditor.post(f"/audit/entries/{searched.pk}/words/"))
    with building():
        assert AccessRecord.objects.filter(kind="WORDS_SHOWN", user_id=force.user(Role.AUDITOR).pk).count() == 1
    assert auditor.post("/audit/entries/0/words/").status_code == 404


def test_found_entries_are_exported_and_that_is_recorded(case: Case, auditor: Client) -> None:
    answer = auditor.get("/audit/export/", {"reference": case.reference})
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert case.reference in answer.content.decode()


# What stands out ----------------------------------------------------------------------------------------------------------


def test_what_stands_out_is_found_once(case: Case, force: Force) -> None:
    """One of each kind, and next to each what is like it and stands out for nobody."""
    with building():
        key = Case.unguarded.get(pk=case.pk).pk
        CaseConnection.unguarded.create(
            case_id=key, user=force.other_sergeant, said_by=force.investigator, said_at=timezone.now()
        )
        User.objects.filter(pk=force.liaison_officer.pk).update(is_active=False, deactivated_at=timezone.now())
    with bound_to(force.sergeant.pk, "police", may_write=False):
        ask("SELECT rasso.record_access('SEARCHED', 'search', '{}', NULL, 'family SERGEANT', '', '', NULL, NULL)")
        ask("SELECT rasso.record_access('SEARCHED', 'search', '{}', NULL, 'somebody else', '', '', NULL, NULL)")
    entry(force.other_sergeant, "REFUSED", case_ids=[key])
    entry(force.liaison_officer, page="home")
    entry(force.first_officer, case_ids=[key], rights=["LOGGED"])
    with building():
        other = log_case(force, unit_id=force.other_unit.pk)
    entry(force.first_officer, case_ids=[other.pk])
    # Whose pages are of the information manager reads by what was opened or proposed.
    for pattern in information_urls:
        entry(force.superintendent, case_ids=[other.pk], page=pattern.name)
    for _ in range(10):
        entry(force.inspector, "REFUSED", page="emergency-access")
    with building():
        ask(
            """INSERT INTO people_accessrecord (at, user_id, kind, page, case_ids, on_behalf_of, rights)
               SELECT now(), %s, 'LOOKED_AT', 'case', ARRAY[gen_random_uuid()], '{}', '{ASSIGNED}' FROM generate_series(1, 30) RETURNING id""",
            force.investigator.pk,
        )
    entry(force.investigator, page="home")
    seal_here()
    seal_here()
    with building():
        found = sorted((signal.kind, signal.user_id) for signal in Signal.objects.exclude(kind="PAST_THE_PRODUCT"))
    assert found == sorted(
        [
            ("OWN_NAME", force.sergeant.pk),
            ("CONNECTED", force.other_sergeant.pk),
            ("AFTER_DEACTIVATION", force.liaison_officer.pk),
            ("OUTSIDE_UNIT", force.first_officer.pk),
            ("MANY_REFUSED", force.inspector.pk),
            ("MANY_CASES", force.investigator.pk),
        ]
    )


def burst(user: User, kinds: str, at: str, number: int) -> None:
    """Entries of one person at one moment, of each of these kinds in turn, each of another case; sealed."""
    with building():
        ask(
            """INSERT INTO people_accessrecord (at, user_id, kind, page, case_ids, on_behalf_of, rights, xact, cluster)
               SELECT %s::timestamptz, %s, (%s::text[])[1 + n %% cardinality(%s::text[])], 'case', ARRAY[gen_random_uuid()], '{}', '{ASSIGNED}',
                 pg_current_xact_id()::text::bigint, %s FROM generate_series(1, %s) n RETURNING id""",
            # Of a cluster of its own, so that the seal closes nothing but these.
            *(at, user.pk, kinds, kinds, Seal.objects.count() + 1, number),
        )
    seal_here()


@pytest.mark.parametrize(
    ("kinds", "threshold", "kind"),
    [("{LOOKED_AT,NAMES_SHOWN,PRINTED,COPIED,EXPORTED}", 30, "MANY_CASES"), ("{REFUSED}", 10, "MANY_REFUSED")],
)
def test_hour_slides_and_a_burst_is_one_thing_to_look_at(force: Force, kinds: str, threshold: int, kind: str) -> None:
    def found() -> list[tuple[int, int]]:
        with building():
            return list(Signal.objects.filter(kind=kind).order_by("pk").values_list("user_id", "number"))

    # What lies more than an hour apart is no burst.
    burst(force.sergeant, kinds, "2026-11-02 09:59 UTC", threshold - 1)
    burst(force.sergeant, kinds, "2026-11-02 10:59 UTC", threshold - 1)
    # On either side of the full hour.
    burst(force.investigator, kinds, "2026-11-02 10:59 UTC", threshold - 1)
    assert found() == []
    burst(force.investigator, kinds, "2026-11-02 11:00 UTC", threshold - 1)
    assert found() == [(force.investigator.pk, 2 * threshold - 2)]
    # It goes on; and another one, later.
    burst(force.investigator, kinds, "2026-11-02 11:20 UTC", threshold)
    assert len(found()) == 1
    burst(force.investigator, kinds, "2026-11-02 14:20 UTC", threshold)
    assert found()[1:] == [(force.investigator.pk, threshold)]


def test_every_kind_says_what_happened_and_why_it_is_looked_at() -> None:
    for signal in SIGNALS:
        assert signal.says.format(
            who="DC A", reference="JE-2026-00001", number=30, login="postgres", person="DC B", given="x"
        ) and signal.why.endswith(".")


def test_way_in_that_an_administrator_gave_is_looked_at(force: Force, auditor: Client) -> None:
    administrator, changes = force.user(Role.ADMINISTRATOR), PeopleChange.What
    entry(administrator, page="home")
    seal_here()
    with building():
        for what, role in (
            (changes.PASSWORD_GIVEN, ""),
            (changes.FACTORS_RESET, ""),
            (changes.ROLE_GIVEN, Role.SERGEANT),
            (changes.ROLE_GIVEN, Role.ANALYST),
            (changes.DETAILS, ""),
        ):
            PeopleChange.objects.create(at=timezone.now(), by=administrator, what=what, person=force.investigator, role=role)
    entry(administrator, page="people")
    seal_here()
    page = shown(auditor.get("/audit/"))
    begins = f"{administrator.called} gave {force.investigator.called} a way in:"
    assert page.count(begins) == 3
    for given in ("new first password given", "second factors removed", "role given, Detective Sergeant"):
        assert f"{begins} {given}." in page
    with building():
        found = Signal.objects.filter(kind="WAY_IN").first()
    assert begins in shown(auditor.get(f"/audit/signals/{found.pk}/"))


def test_whoever_is_moved_over_others_is_looked_at_and_stands_in_the_record(
    force: Force, as_user: Browser, auditor: Client
) -> None:
    """As is a unit that is put below another one; not one that gets another name, or stands below none any more."""
    set_clock(at(MONDAY))
    administrator = as_user(force.user(Role.ADMINISTRATOR))
    administrator.get("/home/")
    seal_here()
    day = {"day_day": "2", "day_month": "11", "day_year": "2026"}
    with building():
        version = User.objects.get(pk=force.sergeant.pk).version
    move = {"leaves": "NONE", "joins": force.other_unit.pk, "version": version, **day}
    assert administrator.post(f"/people/{force.sergeant.pk}/move/", move).status_code == 302
    for name, parent in (
        ("Invented Team Nine", force.above.pk),
        ("Invented Team Nine", ""),
        ("Invented Team Nine", force.unit.pk),
    ):
        with building():
            version = Unit.objects.get(pk=force.other_unit.pk).version
        change = {"name": name, "parent": parent, "hour": "7", "version": version}
        assert administrator.post(f"/people/units/{force.other_unit.pk}/", change).status_code == 302
    seal_here()
    page, who = shown(auditor.get("/audit/")), force.user(Role.ADMINISTRATOR).called
    assert f"{who} gave {force.sergeant.called} a way in: joined unit Invented Team Nine." in page
    assert page.count(f"{who} gave everybody above unit Invented Team Nine a way in: unit moved, from “") == 1
    with building():
        lines = AccessRecord.objects.filter(kind="CHANGED", user_id=force.user(Role.ADMINISTRATOR).pk).order_by("pk")
        assert [(line.recipient, line.basis) for line in lines] == [
            (force.sergeant.username, f"joined unit {force.other_unit.name}, from 2 November 2026"),
            (f"unit {force.other_unit.name}", "name, hour or quiet time changed"),
            ("unit Invented Team Nine", "moved to the top"),
            ("unit Invented Team Nine", f"moved below {force.unit.name}"),
        ]
    assert f"Changed {force.sergeant.username}: joined unit {force.other_unit.name}, from 2 November 2026" in page


def test_every_restriction_is_looked_at(case: Case, force: Force, as_user: Browser, auditor: Client) -> None:
    data = {"people": [str(force.sergeant.pk)], "because": "Staff are involved."}
    assert as_user(force.sergeant).post(f"/cases/{case.reference}/access/restrict/", data).status_code == 302
    logged = log_case(force, has_connected_staff=True)
    seal_here()
    page = shown(auditor.get("/audit/"))
    for who, which in ((force.sergeant, case), (force.investigator, logged)):
        assert page.count(f"{who.called} restricted case {which.reference} to the people named on it.") == 1
    seal_here()
    with building():
        assert Signal.objects.filter(kind="RESTRICTED").count() == 2


def test_search_for_somebody_who_did_not_make_this_request_is_looked_at(force: Force, as_user: Browser, auditor: Client) -> None:
    manager = as_user(force.user(Role.INFORMATION_MANAGER))
    manager.get("/home/")
    open_request(force, name="Another Requester")
    page = reverse("search-for-subject", args=[open_request(force, name="Zyx Quorvanthe").pk])
    # The requester, by one name of theirs with another one; somebody else; the requester of another request; a part of a name.
    for words in ("zyx quorvanthe", "Quorvanthe Formerly", "Nobody Whatever", "Another", "quorv"):
        assert manager.post(page, {"words": words}).status_code == 200
    seal_here()
    found = f"{force.user(Role.INFORMATION_MANAGER).called} searched the records for a name that whoever made the subject request"
    assert shown(auditor.get("/audit/")).count(found) == 3


def test_record_chosen_for_a_request_is_looked_at_where_it_is_of_another_name_or_a_case_that_runs(
    force: Force, case: Case, auditor: Client
) -> None:
    """Of the words of the requester's name none may be missing; and once, however often the record is chosen."""
    ended = log_case(force, victim_name="Zyx Quorvanthe-Ost", crime_number="INV/900/26")
    with building():
        Case.unguarded.filter(pk=ended.pk).update(
            status="TRANSFERRED", closed_at=timezone.now(), closed_by=force.inspector, closing_grounds="TAKEN_OVER"
        )
    own, other = open_request(force), open_request(force, name="Zyx Quorvanthe")
    choose(force, own)
    for is_theirs in (True, False, True):
        choose(force, other, "Zyx Quorvanthe-Ost", is_theirs=is_theirs)
    choose(force, other)
    entry(force.investigator, page="home")
    seal_here()
    seal_here()
    page, who = shown(auditor.get("/audit/")), force.user(Role.INFORMATION_MANAGER).called
    chose = f"{who} said that a record is the requester’s in request"
    assert page.count(f"{chose} {other.number}, and it bears another name.") == 2
    assert page.count(f"{chose} {own.number}, and it bears another name.") == 0
    for request in (own, other):
        assert page.count(f"{chose} {request.number}, and it stands in case {case.reference}, which has not ended.") == 1
    assert f"stands in case {ended.reference}" not in page and VICTIM not in page


@pytest.fixture
def signal(force: Force) -> Signal:
    searched = entry(force.sergeant, "SEARCHED")
    with building():
        return Signal.objects.create(kind="OWN_NAME", part=1, entry_id=searched.pk, at=searched.at, user_id=force.sergeant.pk)


def test_ten_oldest_stand_first_and_the_others_are_one_link_away(force: Force, auditor: Client, signal: Signal) -> None:
    with building():
        for hours in range(1, 12):
            Signal.objects.create(
                kind="OWN_NAME", part=1, entry_id=signal.entry_id + hours, user_id=force.sergeant.pk, at=signal.at + timedelta(hours=hours)
            )  # fmt: skip
    page = auditor.get("/audit/", {"kind": "all"})
    assert "To look at (12)" in shown(page) and page.content.decode().count("searched for a word of their own name") == 10
    assert f"/audit/signals/{signal.pk}/" in page.content.decode() and f"Entry {signal.entry_id + 11}" not in shown(page)
    (see_all,) = [word for word in page.content.decode().split('"') if "all=yes" in word]
    everything = auditor.get(see_all.replace("&amp;", "&").partition("#")[0])
    assert everything.content.decode().count("searched for a word of their own name") == 12 and "See all" not in shown(everything)
    assert 'value="all" selected' in everything.content.decode()


def test_answer_needs_words_and_stands_in_the_record(force: Force, auditor: Client, signal: Signal) -> None:
    address = f"/audit/signals/{signal.pk}/"
    assert "To look at (1)" in shown(auditor.get("/audit/"))
    assert f"{force.sergeant.called} searched for a word of their own name." in shown(auditor.get(address))
    assert "Say in a sentence why this is explained." in shown(auditor.post(address, {"answer": "EXPLAINED"}), 422)
    assert "Say in a sentence why this goes to professional standards." in shown(
        auditor.post(address, {"answer": "REFERRED"}), 422
    )
    assert "Choose whether" in shown(auditor.post(address, {"words": "A namesake"}), 422)
    assert auditor.post(address, {"answer": "EXPLAINED", "words": "A namesake"}).status_code == 302
    page = shown(auditor.get("/audit/"))
    assert "Nothing to look at." in page and "Explained by" in page and "A namesake" in page
    assert auditor.get("/audit/signals/0/").status_code == 404


def test_nobody_answers_what_is_about_themselves(force: Force, auditor: Client, signal: Signal) -> None:
    with building():
        Signal.objects.filter(pk=signal.pk).update(user_id=force.user(Role.AUDITOR).pk)
    address = f"/audit/signals/{signal.pk}/"
    assert "This is about yourself." in shown(auditor.get(address)) and "Save the answer" not in shown(auditor.get(address))
    assert "This is about yourself." in shown(auditor.post(address, {"answer": "EXPLAINED", "words": "It was me"}), 409)
    with building():
        assert not SignalAnswer.objects.exists()


# The record is whole ------------------------------------------------------------------------------------------------------


def test_check_goes_on_until_it_has_ended(force: Force, auditor: Client) -> None:
    assert "The record has not been checked yet." in shown(auditor.get("/audit/"))
    address = auditor.post("/audit/check/")["Location"]
    assert "parts checked" in shown(auditor.get(address)) and "data-continue" in auditor.get(address).content.decode()
    # Whoever begins another goes on with this one.
    assert auditor.post("/audit/check/")["Location"] == address
    # Whoever left it finds it again.
    page = auditor.get("/audit/")
    assert "stopped at 0 of" in shown(page) and f'href="{address}"' in page.content.decode()
    auditor.post(address)
    assert "stopped at" not in shown(auditor.get("/audit/"))
    with building():
        # One of before that was left stays left: it says nothing of what was written since.
        left = Check.objects.create(by_id=0, began_at=timezone.now() - timedelta(days=1), last_number=0)
    assert "stopped at" not in shown(auditor.get("/audit/"))
    assert auditor.post("/audit/check/")["Location"] not in (address, f"/audit/check/{left.pk}/")
    with building():
        Check.objects.filter(ended_at=None).delete()
    assert "The record is whole." in shown(auditor.get(address))
    assert "The record is whole: 0 entries checked today at " in (page := shown(auditor.get("/audit/")))
    assert "no seal is kept elsewhere yet" in page


def test_broken_record_is_said_at_the_top(force: Force, auditor: Client) -> None:
    fault = {
        "seal": 2,
        "fault": "was changed or added after it was sealed",
        "part": 1,
        "entry": 4711,
        "at": "2026-11-02T14:05:00+00:00",
    }
    with building():
        Check.objects.create(by_id=0, began_at=timezone.now(), ended_at=timezone.now(), last_number=2, faults=[fault])
    page = shown(auditor.get("/audit/"))
    assert "The record is broken at entry 4711, 2 November 2026 at 14:05." in page
    assert "2 November 2026 at 14:05, access record: was changed or added after it was sealed (entry 4711, seal 2)." in page


def test_broken_row_says_when_and_what_first_and_its_key_last(force: Force, auditor: Client) -> None:
    fault = {
        "fault": "was changed past the audit trigger",
        "table": "audit_check",
        "row": "464ad560",
        "at": "2026-11-02T14:05:00+00:00",
    }
    bare = {"fault": "its audit trigger is missing or switched off", "table": "cases_historicalcase", "row": "", "at": None}
    with building():
        Check.objects.create(by_id=0, began_at=timezone.now(), ended_at=timezone.now(), last_number=2, faults=[fault, bare])
    page = shown(auditor.get("/audit/"))
    assert (
        "Check of the record, last written down on 2 November 2026 at 14:05: was changed and not written down (row 464ad560)."
        in page
    )
    assert "Earlier values of case: changes are no longer written down." in page


def test_entry_says_what_was_changed_in_words_and_once(force: Force, auditor: Client) -> None:
    given = entry(force.sergeant, "CHANGED", page="explain-access", xact=7, cluster=7)
    with building():
        for table, columns in (
            ("cases_case", ["stage"]),
            ("cases_historicalcase", []),
            ("people_membership", ["ends_on", "unit_id"]),
        ):
            DataChange.objects.create(
                at=timezone.now(), login="rasso_web", table_name=table, row_key="1", command="UPDATE", columns=columns,
                xact=given.xact, cluster=given.cluster,
            )  # fmt: skip
    page = shown(auditor.get("/audit/"))
    assert "why somebody may see a case. Changed: case (stage); unit of a person (last day, unit)" in page
    assert "historical" not in page and "explain access" not in page


def test_every_table_of_the_record_reads_as_words() -> None:
    for table in TRAILED:
        assert (
            not set("_.") & set(record_words.table(table))
            and record_words.table(table) != table
            and "historical" not in record_words.table(table)
        )
    assert not record_words.TABLES.keys() - {model._meta.db_table for model in apps.get_models()}
    assert not record_words.PAGES.keys() - pages().keys()


def check_by_the_clock(*faults: dict[str, Any]) -> Any:
    """What the worker does at its ticks until it is done; the key of the check, if one was due."""
    with building():
        ask("SELECT set_config('rasso.actor', %s, true)", signed(0, "system"))
        ((key,),) = ask("SELECT rasso.daily_check()")
        assert ask("SELECT rasso.daily_check()") == [(key,)], "a second worker goes on with it"
        Check.objects.filter(pk=key).update(faults=list(faults))
        while key and ask("SELECT rasso.continue_check(%s, 50000, %s)", key, TRAILED) == [(True,)]:
            pass
        ask("SELECT set_config('rasso.actor', '', true)")
    return key


def test_record_is_checked_once_a_day_at_six(force: Force, auditor: Client) -> None:
    now = timezone.localtime()
    six = (now - timedelta(hours=6)).replace(hour=6, minute=0, second=0, microsecond=0)
    with building():
        Check.objects.create(by_id=0, began_at=six - timedelta(seconds=1), ended_at=six, last_number=0)
        # Of somebody else, and so not that of the day.
        Check.objects.create(by_id=force.user(Role.AUDITOR).pk, began_at=six, ended_at=six, last_number=0)
    assert check_by_the_clock() is not None
    assert "The record is whole: 0 entries checked today at " in shown(auditor.get("/audit/"))
    assert check_by_the_clock() is None
    with building():
        assert not Message.unguarded.filter(kind="ALERT").exists()


def test_auditors_are_told_that_the_daily_check_found_something(force: Force, auditor: Client) -> None:
    with building():
        former, day = enrol("former_auditor", force.police, [Role.AUDITOR]), timezone.localdate() - timedelta(days=9)
        former.role_assignments.update(starts_on=day, ends_on=day)
    check_by_the_clock({"fault": "was changed past the audit trigger", "table": "cases_event", "row": "1"})
    with building():
        told = list(Message.unguarded.filter(kind="ALERT").values_list("owner_id", flat=True))
    assert told == [force.user(Role.AUDITOR).pk]
    assert "The record is broken. It was checked today at" in shown(auditor.get("/audit/"))


def test_nobody_but_the_clock_makes_the_daily_check(force: Force) -> None:
    with bound_to(force.user(Role.AUDITOR).pk, "police", may_write=True), refused("permission denied for function daily_check"):
        ask("SELECT rasso.daily_check()")


def test_newest_seal_is_a_small_file(force: Force, auditor: Client) -> None:
    assert "Nothing is sealed yet." in shown(auditor.post("/audit/seal/"), 409)
    entry(force.investigator)
    seal_here()
    answer = auditor.post("/audit/seal/")
    assert answer["Content-Disposition"] == 'attachment; filename="rasso-seal-1.json"'
    assert json.loads(answer.content)["hash"] == "01"
    with building():
        assert AccessRecord.objects.filter(kind="EXPORTED", page="export-seal").count() == 1
        Check.objects.create(by_id=0, began_at=timezone.now(), ended_at=timezone.now(), last_number=1)
    assert "newest seal kept elsewhere today" in shown(auditor.get("/audit/"))


# Registers, and who looks at the auditor ------------------------------------------------------------------------------------


def test_breach_is_entered_decided_and_closed_and_stays(force: Force, auditor: Client) -> None:
    known = timezone.localtime(timezone.now() - timedelta(hours=20))
    boxes = {"day": known.day, "month": known.month, "year": known.year, "time": f"{known:%H:%M}"}
    typed = {f"known_at_{name}": value for name, value in boxes.items()}
    registers = auditor.get("/audit/registers/")
    assert "No breach has been entered." in shown(registers)
    for section in ("breaches", "shares", "exports", "requests", "disposals"):
        assert f'href="#{section}"' in registers.content.decode() and f'id="{section}"' in registers.content.decode()
    assert "Say what happened" in shown(auditor.post("/audit/breaches/add/", typed), 422)
    assert "a time that has passed" in shown(
        auditor.post("/audit/breaches/add/", {**typed, "known_at_year": known.year + 1, "what": "x"}), 422
    )
    assert (
        auditor.post("/audit/breaches/add/", {**typed, "what": "A print was left in a printer", "people_about": "3"}).status_code
        == 302
    )
    with building():
        breach = Breach.objects.get()
    page = shown(auditor.get("/audit/registers/"))
    assert "51 hours left to tell the regulator" in page and "A print was left in a printer" in page
    decide, close = (f"/audit/breaches/{breach.pk}/{word}/" for word in ("decide", "close"))
    assert "closed once, after it was decided" in shown(auditor.post(close), 409)
    assert "Enter when the regulator was told" in shown(auditor.post(decide, {"decision": "told", "because": "High risk"}), 422)
    told = {"decision": "told", "because": "High risk", **{f"told_at_{name}": value for name, value in boxes.items()}}
    assert auditor.post(decide, told).status_code == 302
    assert "Somebody has decided this already." in shown(auditor.post(decide, told), 409)
    assert auditor.post(close).status_code == 302
    page = shown(auditor.get("/audit/registers/"))
    assert "The regulator was told within 72 hours. High risk" in page and "Closed" in page


def test_registers_say_what_was_shared_exported_and_erased(case: Case, force: Force, auditor: Client) -> None:
    entry(force.investigator, "SHARED", recipient="ISVA service", basis="consent of V1", case_ids=[case.pk], page="share-plan")
    entry(force.sergeant, "EXPORTED", page="export-cases")
    page = shown(auditor.get("/audit/registers/"))
    assert (
        "Shared with ISVA service: consent of V1" in page and "export cases" in page and "Nothing has been disposed of." in page
    )


def test_registers_say_who_asked_what_is_held_and_what_was_disposed_of(case: Case, force: Force, auditor: Client) -> None:
    with building():
        certificate(proposal(force, case, 1), force.superintendent)
    request = open_request(force)
    page = shown(auditor.get("/audit/registers/"))
    assert f"Request {request.number}: received on" in page and "searching." in page and "Certificate 1: erased on" in page
    assert "Nobody has asked" not in page and "Nothing has been disposed of." not in page


def test_auditors_are_looked_at_by_a_superintendent_who_is_none(
    case: Case, force: Force, as_user: Browser, auditor: Client
) -> None:
    auditor.get("/audit/", {"reference": case.reference})
    page = shown(as_user(force.superintendent).get("/audit/of-auditors/"))
    assert force.user(Role.AUDITOR).called in page and case.reference in page and force.investigator.called not in page
    assert auditor.get("/audit/of-auditors/").status_code == 404


@pytest.mark.parametrize(
    ("address", "method", "asked", "words"),
    [
        ("/audit/", "post", {"reference": "{0}", "person": "investigator"}, "{0}, investigator"),
        ("/audit/", "get", {"reference": "{0}", "person": "{1}"}, "{0}, investigator (DC "),
        ("/audit/", "post", {"person": "nobody-of-that-name"}, "nobody-of-that-name"),
        ("/audit/export/", "get", {"person": "{1}"}, "investigator (DC "),
        ("/audit/export/", "get", {"person": "somebody", "reference": "JE-2026-99999"}, "JE-2026-99999, somebody"),
        ("/audit/explain/", "post", {"username": "investigator", "reference": "{0}"}, "investigator, {0}"),
        ("/audit/explain/", "post", {"username": "nobody", "reference": "JE-2026-99999"}, "nobody, JE-2026-99999"),
        ("/audit/explain/", "post", {"username": "a\x00 b", "reference": ""}, "a b"),
    ],
)
def test_what_an_auditor_asks_for_is_shown_to_whoever_looks_at_them(
    case: Case, force: Force, as_user: Browser, auditor: Client, address: str, method: str, asked: dict[str, str], words: str
) -> None:
    getattr(auditor, method)(
        address, {name: value.format(case.reference, force.investigator.pk) for name, value in asked.items()}
    )
    with building():
        entry_id = AccessRecord.objects.filter(user_id=force.user(Role.AUDITOR).pk, words_digest__isnull=False).latest("id").pk
    looking, page = as_user(force.superintendent), f"/audit/of-auditors/entries/{entry_id}/words/"
    assert f'action="{page}"' in looking.get("/audit/of-auditors/").content.decode()
    assert words.format(case.reference) in shown(looking.post(page))
    with building():
        line = AccessRecord.objects.filter(user_id=force.superintendent.pk, kind="WORDS_SHOWN").latest("id")
        assert (line.page, line.basis) == ("words-of-auditor", str(entry_id))
        # A restricted case is a case to them.
        Case.unguarded.filter(pk=case.pk).update(is_restricted=True)
    assert words.format("a case") in shown(looking.post(page))
    assert auditor.post(page).status_code == 404


def test_whoever_looks_at_auditors_is_shown_no_words_of_anybody_else(force: Force, as_user: Browser) -> None:
    """Nor what somebody who is an auditor as well searched for on other pages, which may be a name of a victim."""
    for user, page in ((force.investigator, "audit"), (force.user(Role.AUDITOR), "search")):
        with bound_to(user.pk, "police", may_write=False):
            ((line,),) = ask("SELECT rasso.record_access('LISTED', %s, '{}', NULL, 'a name', '', '', NULL, NULL)", page)
        looking = as_user(force.superintendent)
        assert looking.post(f"/audit/of-auditors/entries/{line}/words/").status_code == 404
        assert "Show what was asked for" not in shown(looking.get("/audit/of-auditors/"))
        with bound_to(force.superintendent.pk, "police", may_write=False):
            assert ask("SELECT * FROM rasso.searched_words(ARRAY[%s::bigint], NULL, NULL)", line) == []


def test_what_stands_out_of_an_auditor_is_answered_by_whoever_looks_at_them(
    force: Force, as_user: Browser, auditor: Client, signal: Signal, case: Case
) -> None:
    looking, address = as_user(force.superintendent), f"/audit/of-auditors/{signal.pk}/"
    answer = {"answer": "EXPLAINED", "words": "A namesake"}
    # Not of anybody else.
    for of_whom, of_case in ((force.investigator, None), (force.superintendent, None), (force.user(Role.AUDITOR), case)):
        with building():
            Case.unguarded.filter(pk=case.pk).update(is_restricted=True)
            Signal.objects.filter(pk=signal.pk).update(user_id=of_whom.pk, case_id=of_case and of_case.pk)
        assert looking.get(address).status_code == 404 and looking.post(address, answer).status_code == 404
        assert "To look at" not in shown(looking.get("/audit/of-auditors/"))
        with bound_to(force.superintendent.pk, "police", may_write=True):
            assert ask("SELECT rasso.answer_signal(%s, 'EXPLAINED', 'Invented')", signal.pk) == [(False,)]
    with building():
        Signal.objects.filter(pk=signal.pk).update(case_id=None)
    assert auditor.get(address).status_code == 404
    assert address in looking.get("/audit/of-auditors/").content.decode()
    assert "1 thing that auditors did to look at." in shown(looking.get("/home/"))
    assert "Save the answer" in shown(looking.get(address))
    assert looking.post(address, answer)["Location"] == "/audit/of-auditors/"
    assert "To look at" not in shown(looking.get("/audit/of-auditors/"))
    assert "that auditors did" not in shown(looking.get("/home/"))
    assert "Explained by" in shown(auditor.get("/audit/"))


def test_whoever_is_an_auditor_too_does_not_look_at_auditors(force: Force, as_user: Browser, signal: Signal) -> None:
    with building():
        both = enrol("both", force.police, [Role.SUPERINTENDENT, Role.AUDITOR], force.above)
        Signal.objects.filter(pk=signal.pk).update(user_id=force.user(Role.AUDITOR).pk)
    browser = as_user(both)
    assert browser.get("/audit/of-auditors/").status_code == 404
    assert browser.get(f"/audit/of-auditors/{signal.pk}/").status_code == 404
    assert browser.post(reverse("words-of-auditor", args=[signal.entry_id])).status_code == 404


def test_restricted_case_that_they_do_not_see_is_a_case_to_whoever_looks_at_auditors(
    case: Case, force: Force, as_user: Browser, auditor: Client
) -> None:
    auditor.get("/audit/", {"reference": case.reference})
    with building():
        Case.unguarded.filter(pk=case.pk).update(is_restricted=True)
    looking = as_user(force.superintendent)
    page = shown(looking.get("/audit/of-auditors/"))
    assert "a case, audit" in page and case.reference not in page
    with building():
        assert not AccessRecord.objects.filter(user_id=force.superintendent.pk, case_ids__contains=[case.pk]).exists()


def test_auditor_of_another_organisation_reads_and_answers(case: Case, force: Force, as_user: Browser, signal: Signal) -> None:
    """Tables of people and cases are closed to them; functions answer."""
    with building():
        force.prosecution.__class__.objects.create(name="Invented Oversight", kind=OrganisationKind.OVERSIGHT)
        oversight = force.prosecution.__class__.objects.get(kind=OrganisationKind.OVERSIGHT)
        outsider = enrol("outside_auditor", oversight, [Role.AUDITOR])
    browser = as_user(outsider)
    assert force.investigator.called in shown(browser.get("/audit/", {"reference": case.reference}))
    assert browser.post(f"/audit/signals/{signal.pk}/", {"answer": "REFERRED", "words": "To be asked", "once": "0190f3e8-0000-7000-8000-000000000001"}).status_code == 302  # fmt: skip
    assert shown(browser.get("/audit/registers/"))


def test_functions_of_the_record_answer_auditors_only(force: Force, case: Case) -> None:
    for statement in (
        "SELECT * FROM rasso.find_entries(NULL, NULL, now() - interval '1 day', now(), '{LOOKED_AT}', NULL, 10)",
        "SELECT * FROM rasso.signals(false, 10, NULL, false)",
        f"SELECT * FROM rasso.seers_of('{case.pk}')",
        f"SELECT * FROM rasso.lookers_of('{case.pk}', 10)",
        f"SELECT rasso.case_to_audit('{case.reference}')",
        "SELECT * FROM rasso.staff_called('a')",
        "SELECT * FROM rasso.staff_of_number(1)",
    ):
        for user in (force.superintendent, force.user(Role.ADMINISTRATOR)):
            with bound_to(user.pk, "police", may_write=False), refused("only an auditor reads the record"):
                ask(statement)
