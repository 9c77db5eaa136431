"""A subject request from opening to bundle, through the pages; and what is refused on the way."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from uuid6 import uuid7

from cases.operations import record_event
from information.models import ItemDecision, Requester, SubjectRequest
from people.models import AccessRecord, SearchedWords
from tests.information.requesting import SUSPECT, VICTIM, choose, fetched, manager, open_request, person_called, reviewing
from tests.pages import Sheet, assert_kept, assert_says
from tests.worlds import MONDAY, actor, building, log_case

OPENING = {
    "received_on_day": "2",
    "received_on_month": "11",
    "received_on_year": "2026",
    "came_by": "LETTER",
    "name": VICTIM,
    "reached_at": "1 Nowhere Lane",
    "acts_through": "",
    "asks_for": "Everything",
    "identity": "DOCUMENT",
}


def once() -> dict[str, str]:
    return {"once": str(uuid7())}


def page(name: str, request: SubjectRequest, *more: Any) -> str:
    return reverse(name, args=[request.pk, *more])


def lines(page_name: str) -> list[AccessRecord]:
    with building():
        return list(AccessRecord.objects.filter(page=page_name).order_by("pk"))


def test_opening_gives_a_number_and_the_time_of_the_law(force, as_user, case) -> None:
    client = as_user(manager(force))
    answer = client.post(reverse("open-subject-request"), OPENING | once())
    assert answer.status_code == 302, Sheet(answer).summary
    with building():
        request = SubjectRequest.objects.get()
        assert Requester.objects.get().name == VICTIM
    assert answer.headers["Location"] == page("subject-request", request)
    assert (request.number, request.state, request.due_on) == (1, "SEARCHING", MONDAY + timedelta(weeks=4))
    assert VICTIM in client.get(page("subject-request", request)).content.decode()
    listed = client.get(reverse("information")).content.decode()
    assert "Request 1" in listed
    assert VICTIM not in listed


def test_wrong_answers_are_said_beside_the_field_and_nothing_is_kept(force, as_user, case) -> None:
    client = as_user(manager(force))
    answer = client.post(reverse("open-subject-request"), {**OPENING, "name": "A\x00b", "received_on_year": "2027"})
    sheet = assert_says(answer, "received_on", "Enter today or an earlier day")
    assert any("cannot be shown" in sentence for sentence in sheet.summary)
    assert_kept(sheet, {"reached_at": "1 Nowhere Lane", "asks_for": "Everything"})
    with building():
        assert not SubjectRequest.objects.exists()


def test_nobody_is_looked_for_before_it_is_clear_who_asks(force, as_user, case) -> None:
    request = open_request(force, identity="NOT_YET")
    client = as_user(manager(force))
    answer = client.post(page("search-for-subject", request), {"words": "Victim-Name"})
    assert answer.status_code == 409
    assert VICTIM not in answer.content.decode()
    assert client.post(page("confirm-identity", request), {"identity": "LAWYER"} | once()).status_code == 302
    assert fetched(request.pk).state == "SEARCHING"
    assert VICTIM in client.post(page("search-for-subject", request), {"words": "victim-name"}).content.decode()


def test_search_is_recorded_with_its_words_and_shows_no_more_than_it_must(force, as_user, case) -> None:
    request = open_request(force)
    client = as_user(manager(force))
    answer = client.post(page("search-for-subject", request), {"words": "victim-name"})
    assert f"V1 in {case.reference}" in answer.content.decode()
    assert SUSPECT not in answer.content.decode()
    (line,) = lines("search-for-subject")
    assert (line.kind, line.case_ids) == ("SEARCHED", [case.pk])
    with building():
        assert SearchedWords.objects.get(record=line).words == "victim-name"
    for words, sentence in (("a", "Enter at least three letters, and no single ones"), ("", "Enter a name")):
        assert_says(client.post(page("search-for-subject", request), {"words": words}), "words", sentence)


def test_search_finds_nobody_of_a_restricted_case_and_says_the_same_as_for_nobody(force, as_user, case) -> None:
    log_case(force, victim_name="Hidden Personage", has_connected_staff=True)
    request = open_request(force)
    client = as_user(manager(force))
    hidden, nobody = (
        Sheet(client.post(page("search-for-subject", request), {"words": words})).text
        for words in ("Hidden Personage", "Nobody Whatever")
    )
    assert hidden.replace("Hidden Personage", "") == nobody.replace("Nobody Whatever", "")
    hidden_person = person_called("Hidden Personage")
    for key in (hidden_person.pk, uuid7()):
        answer = client.post(page("choose-subject", request), {"person": str(key), "is_theirs": "yes"})
        assert answer.status_code == 404


def test_items_stand_in_two_parts_and_each_needs_a_decision(force, as_user, case) -> None:
    about_both = "V1 says that Suspect-Name followed her home."
    officer = actor(force.investigator)
    record_event(case, actor=officer, kind="NOTE", at=case.recorded_at, text="V1 prefers to be seen at work.")
    record_event(case, actor=officer, kind="NOTE", at=case.recorded_at, text=about_both)
    record_event(case, actor=officer, kind="NOTE", at=case.recorded_at, text="The laboratory is closed on Fridays.")
    request = reviewing(force)
    client = as_user(manager(force))
    shown = Sheet(client.get(page("subject-items", request))).text
    theirs, apart = shown.split("Apart: other people’s data")
    assert "prefers to be seen at work" in theirs
    assert "followed her home" in apart
    assert "It speaks of S1 as well" in apart
    assert "laboratory" not in shown
    assert (
        client.post(page("send-bundle", request), {"how": "POST", "basis": "Law", "restricted": "on"} | once()).status_code == 409
    )
    digests = Sheet(client.get(page("subject-items", request))).values["digest"]
    assert client.post(page("subject-items", request), {"digest": digests} | once()).status_code == 302
    black_out(client, request, about_both)
    bundle = client.get(page("print-bundle", request)).content.decode()
    assert "V1 says that █████ followed her home." in bundle
    assert "Suspect-Name" not in bundle
    hand_over(client, request)


def black_out(client: Any, request: SubjectRequest, words: str) -> None:
    """Decide about what is left: give it without the others."""
    from tests.information.requesting import items

    left = [item for item in items(request) if not item.decision]
    assert [item.words for item in left] == [words]
    answer = client.post(
        page("decide-item", request, left[0].source, left[0].row_id),
        {"decision": "GIVE_BLACKED", "ground": "", "because": "", "digest": left[0].digest} | once(),
    )
    assert answer.status_code == 302


def hand_over(client: Any, request: SubjectRequest) -> None:
    """The file, then the act; recorded as exported and as shared, to nobody's name."""
    file = client.get(page("export-bundle", request))
    assert file["Content-Disposition"].startswith(f'attachment; filename="request-{request.number}-')
    assert VICTIM in file.content.decode()
    sheet = Sheet(client.get(page("send-bundle", request)))
    sent = {"how": "POST", "basis": sheet.values["basis"][0], "restricted": "on", "digest": sheet.values["digest"][0]}
    assert_says(client.post(page("send-bundle", request), {**sent, "restricted": ""}), "restricted",
        "Ask the Detective Superintendent first, also if you know of no restricted case")  # fmt: skip
    assert client.post(page("send-bundle", request), {**sent, "digest": "another"} | once()).status_code == 409
    assert client.post(page("send-bundle", request), sent | once()).status_code == 302
    ended = fetched(request.pk)
    assert (ended.state, ended.withheld) == ("SENT", 0)
    assert ended.given > 3
    assert [line.kind for line in lines("export-bundle")] == ["EXPORTED"]
    (line,) = lines("send_bundle")
    assert (line.kind, line.recipient, line.basis) == ("SHARED", "Whoever made request 1", sent["basis"])


def test_withheld_item_needs_ground_and_reason(force, as_user, case) -> None:
    request = reviewing(force, SUSPECT)
    from tests.information.requesting import items

    item = items(request)[0]
    client = as_user(manager(force))
    address = page("decide-item", request, item.source, item.row_id)
    answer = client.post(address, {"decision": "WITHHOLD", "digest": item.digest})
    assert_says(answer, "ground", "Choose the ground")
    assert_says(answer, "because", "Say why that ground applies here")
    withheld = {"decision": "WITHHOLD", "ground": "PREJUDICE", "because": "The investigation runs.", "digest": item.digest}
    assert client.post(address, {**withheld, "digest": "0" * 64} | once()).status_code == 409
    assert client.post(address, withheld | once()).status_code == 302
    with building():
        assert ItemDecision.objects.get().ground == "PREJUDICE"
    assert client.get(page("decide-item", request, "cases_event.text", uuid7())).status_code == 404


def test_item_that_says_something_else_by_now_is_undecided_again(force, as_user, case) -> None:
    request = reviewing(force)
    from tests.information.requesting import items

    client = as_user(manager(force))
    sheet = Sheet(client.get(page("subject-items", request)))
    client.post(page("subject-items", request), {"digest": sheet.values["digest"]} | once())
    assert not [item for item in items(request) if not item.decision and item.part == "THEIRS"]
    person = person_called(VICTIM)
    with building():
        type(person).unguarded.filter(pk=person.pk).update(aliases="Invented Otherwise")
    assert [item.source for item in items(request) if not item.decision] == ["cases_person.name"]


def test_request_ends_with_nothing_held_only_if_nothing_was_chosen(force, as_user, case) -> None:
    request = open_request(force)
    choose(force, request)
    client = as_user(manager(force))
    ending = {"outcome": "NOTHING_HELD", "because": "That nothing is held."}
    assert client.post(page("end-request", request), ending | once()).status_code == 409
    person = person_called(VICTIM)
    client.post(page("choose-subject", request), {"person": str(person.pk), "is_theirs": "no"})
    assert client.post(page("end-request", request), ending | once()).status_code == 302
    assert fetched(request.pk).state == "CLOSED"
    for name in ("search-for-subject", "extend-request", "send-bundle"):
        assert "This request has ended" in client.get(page(name, request)).content.decode()
    assert client.post(page("extend-request", request), {"because": "Why not"} | once()).status_code == 409


def test_further_time_is_taken_once(force, as_user, case) -> None:
    request = open_request(force)
    client = as_user(manager(force))
    assert client.post(page("extend-request", request), {"because": "Three cases"} | once()).status_code == 302
    assert fetched(request.pk).due_on == request.due_on + timedelta(weeks=8)
    assert client.post(page("extend-request", request), {"because": "Again"} | once()).status_code == 409


@pytest.mark.parametrize("name", ["subject-request", "search-for-subject", "subject-items", "send-bundle", "print-bundle"])
def test_absent_request_is_not_there(force, as_user, name: str) -> None:
    assert as_user(manager(force)).get(reverse(name, args=[uuid7()])).status_code == 404


def test_export_is_not_there_before_the_items_are_decided_upon(force, as_user, case) -> None:
    request = open_request(force)
    assert as_user(manager(force)).get(page("export-bundle", request)).status_code == 404
