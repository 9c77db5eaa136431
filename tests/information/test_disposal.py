"""Nothing is erased by one person, nothing by itself, and what was erased is gone."""

import json
from typing import Any

import pytest
from django.urls import reverse
from uuid6 import uuid7

from cases.models import Event, Person, Suspect, Victim
from cases.operations import record_event, save_draft
from information import operations
from information.models import Disposal, Requester
from kit.access import NotVisible
from kit.refusal import Blocked
from people.models import AccessRecord, SearchedWords
from people.roles import Role
from tests.information.requesting import (
    SUSPECT,
    VICTIM,
    approved,
    choose,
    grow_old,
    manager,
    open_request,
    opened,
    person_called,
    preview,
    proposed,
)
from tests.pages import Sheet
from tests.worlds import actor, building, log_case


def once() -> dict[str, str]:
    return {"once": str(uuid7())}


def say(case: Any, force: Any, text: str, **more: Any) -> None:
    record_event(case, actor=actor(force.investigator), kind="NOTE", at=case.recorded_at, text=text, **more)


@pytest.fixture
def old_case(force, case):  # type: ignore[no-untyped-def]
    """It ended eleven years ago; its entries name both people and one of them."""
    say(case, force, "Victim-Name was seen at the harbour.")
    say(case, force, "The bar keeps its pictures for a month.")
    grow_old(force, case)
    return case


# Who sees what, when ------------------------------------------------------------------------------------------------------


def test_list_shows_numbers_and_no_name_until_a_record_is_opened_for_a_reason(force, as_user, old_case) -> None:
    client = as_user(manager(force))
    person = person_called(VICTIM)
    listed = client.get(reverse("information")).content.decode()
    address = reverse("retention-review", args=[person.pk])
    assert address in listed
    assert "Name" not in Sheet(client.get(reverse("information"))).text.replace("Nobody is named", "")
    closed = client.get(address).content.decode()
    assert VICTIM not in closed
    assert old_case.reference not in closed
    assert client.post(reverse("open-retention-review", args=[person.pk]), {"because": ""}).status_code == 422
    assert client.post(reverse("open-retention-review", args=[person.pk]), {"because": "It is due."} | once()).status_code == 302
    assert VICTIM in client.get(address).content.decode()
    with building():
        line = AccessRecord.objects.filter(page="retention-review").latest("pk")
    assert line.case_ids == [old_case.pk]


def test_record_that_is_not_due_or_not_there_or_restricted_is_not_there(force, as_user, case) -> None:
    hidden = log_case(force, victim_name="Hidden Personage", has_connected_staff=True)
    grow_old(force, hidden)
    client = as_user(manager(force))
    for key in (person_called(VICTIM).pk, person_called("Hidden Personage").pk, uuid7()):
        assert client.get(reverse("retention-review", args=[key])).status_code == 404
        with pytest.raises(NotVisible):
            operations.open_review(actor=actor(manager(force)), person_id=key, because="I want to")
    assert "No record is due." in client.get(reverse("information")).content.decode()


def test_kept_record_is_closed_again_and_comes_back_on_its_day(force, as_user, old_case) -> None:
    person = opened(force)
    client = as_user(manager(force))
    keep = reverse("keep-record", args=[person.pk])
    kept = {"next_on_day": "1", "next_on_month": "1", "next_on_year": "2030"}
    assert client.post(keep, kept | {"because": f"{VICTIM} may come back."} | once()).status_code == 409
    assert client.post(keep, {**kept, "next_on_year": "2050", "because": "Because"} | once()).status_code == 409
    assert client.post(keep, {**kept, "next_on_year": "2020", "because": "Because"} | once()).status_code == 422
    assert client.post(keep, kept | {"because": "They may come back."} | once()).status_code == 302
    assert client.get(reverse("retention-review", args=[person.pk])).status_code == 404
    assert preview(manager(force), person) is None


# Two people ---------------------------------------------------------------------------------------------------------------


def test_proposer_cannot_approve_and_a_second_person_can(force, as_user, old_case) -> None:
    disposal = proposed(force, opened(force))
    first, second = as_user(manager(force)), as_user(force.superintendent)
    address = reverse("approve-disposal", args=[disposal.pk])
    approval = {"because": "Seen", "is_sure": "on", "digest": disposal.digest}
    assert first.post(address, approval | once()).status_code == 409
    with pytest.raises(Blocked, match="two people"):
        operations.approve_disposal(actor=actor(manager(force)), disposal=disposal, seen=disposal.digest, because="Myself")
    assert VICTIM in second.get(reverse("disposal", args=[disposal.pk])).content.decode()
    assert second.post(address, {**approval, "is_sure": ""}).status_code == 422
    answer = second.post(address, approval | once())
    assert answer.status_code == 302
    page = second.get(answer.headers["Location"]).content.decode()
    assert "Certificate of disposal 1" in page
    assert VICTIM not in page
    assert person_of(disposal).name == "[erased]"
    with building():
        line = AccessRecord.objects.get(page="approve_disposal")
    assert (line.kind, line.case_ids, line.basis) == ("ERASED", [old_case.pk], "Disposal 1")


def person_of(disposal: Disposal) -> Person:
    with building():
        return Person.unguarded.get(pk=disposal.person_id)


def test_refused_or_withdrawn_proposal_erases_nothing(force, as_user, old_case) -> None:
    disposal = proposed(force, opened(force))
    assert as_user(force.superintendent).post(
        reverse("refuse-disposal", args=[disposal.pk]), {"because": "Too early"} | once()
    ).status_code == 302  # fmt: skip
    assert person_of(disposal).name == VICTIM
    with pytest.raises(Blocked, match="answered already"):
        operations.approve_disposal(
            actor=actor(force.superintendent), disposal=disposal, seen=disposal.digest, because="After all"
        )
    again = proposed(force, opened(force))
    assert as_user(manager(force)).post(
        reverse("withdraw-disposal", args=[again.pk]), {"because": "A mistake"} | once()
    ).status_code == 302  # fmt: skip
    assert person_of(again).name == VICTIM


def test_others_have_no_say_and_see_nothing(force, as_user, old_case) -> None:
    disposal = proposed(force, opened(force))
    for role in (Role.INSPECTOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.SERGEANT):
        assert as_user(force.user(role)).get(reverse("disposal", args=[disposal.pk])).status_code == 404
        with pytest.raises(NotVisible):
            operations.approve_disposal(actor=actor(force.user(role)), disposal=disposal, seen=disposal.digest, because="Me")
        assert preview(force.user(role), person_called(VICTIM)) is None


@pytest.mark.parametrize(
    "block", ["hold over everything", "hold over the case", "hold over the record", "open case", "open request"]
)
def test_disposal_is_blocked_and_says_why(force, as_user, old_case, block: str) -> None:
    person = opened(force)
    who = actor(manager(force))
    disposal = proposed(force, person)
    match block:
        case "hold over everything":
            operations.place_hold(actor=who, kind="INQUIRY", about="EVERYTHING", because="An inquiry")
        case "hold over the case":
            operations.place_hold(actor=who, kind="INQUIRY", about="CASE", reference=old_case.reference, because="An inquiry")
        case "hold over the record":
            request = open_request(force)
            choose(force, request)
            operations.place_hold(actor=who, kind="COMPLAINT", about="PERSON", person_id=person.pk, because="A complaint")
            operations.choose_subject(actor=who, request=request, person_id=person.pk, is_theirs=False)
        case "open case":
            other = log_case(force, victim_name="")
            with building():
                Victim.unguarded.filter(case=other).update(person=person)
        case "open request":
            choose(force, open_request(force))
    shown = preview(force.superintendent, person)
    assert shown is not None
    assert shown.blockers
    with pytest.raises(Blocked):
        operations.approve_disposal(actor=actor(force.superintendent), disposal=disposal, seen=disposal.digest, because="Now")
    assert person_of(disposal).name == VICTIM
    assert shown.blockers[0] in Sheet(as_user(force.superintendent).get(reverse("disposal", args=[disposal.pk]))).text


def test_what_has_changed_since_it_was_proposed_is_not_erased(force, old_case) -> None:
    disposal = proposed(force, opened(force))
    with building():
        Person.unguarded.filter(pk=disposal.person_id).update(aliases="Invented Otherwise")
    with pytest.raises(Blocked, match="changed since"):
        operations.approve_disposal(actor=actor(force.superintendent), disposal=disposal, seen=disposal.digest, because="Now")


# What goes ----------------------------------------------------------------------------------------------------------------


def texts_of(case: Any) -> list[str]:
    with building():
        return list(Event.unguarded.filter(case=case, kind="NOTE").order_by("pk").values_list("text", flat=True))


def test_name_goes_from_the_places_that_were_ticked_while_somebody_keeps_the_case(force, old_case) -> None:
    disposal = proposed(force, opened(force))
    certificate = approved(force, disposal)
    assert texts_of(old_case) == ["[erased] was seen at the harbour.", "The bar keeps its pictures for a month."]
    assert certificate.erased["cases_person.name"] == 1
    assert person_called(SUSPECT)


def test_place_that_was_not_ticked_stays(force, old_case) -> None:
    approved(force, proposed(force, opened(force), all_places=False))
    assert "Victim-Name was seen at the harbour." in texts_of(old_case)


def test_last_person_takes_all_words_of_the_case_along_and_what_happened_stays(force, old_case) -> None:
    with building():
        before = list(Event.unguarded.filter(case=old_case).order_by("pk").values_list("pk", "kind", "happened_at"))
    approved(force, proposed(force, opened(force)))
    certificate = approved(force, proposed(force, opened(force, SUSPECT)))
    assert set(texts_of(old_case)) == {"[erased]"}
    assert certificate.cases_emptied == 1
    with building():
        assert list(Event.unguarded.filter(case=old_case).order_by("pk").values_list("pk", "kind", "happened_at")) == before


def test_suspect_whom_nobody_has_identified_keeps_the_words(force, old_case) -> None:
    with building():
        Suspect.unguarded.bulk_create([Suspect(case=old_case, number=2, known="DESCRIBED", description="Tall")])
    approved(force, proposed(force, opened(force)))
    approved(force, proposed(force, opened(force, SUSPECT)))
    assert "The bar keeps its pictures for a month." in texts_of(old_case)


def test_draft_request_and_searches_go_along(force, as_user, old_case) -> None:
    request = open_request(force)
    as_user(manager(force)).post(reverse("search-for-subject", args=[request.pk]), {"words": "Victim-Name"})
    choose(force, request)
    operations.end_request(actor=actor(manager(force)), request=request, outcome="WITHDRAWN", because="That it ends.")
    save_draft(actor=actor(force.investigator), form="record-context", about="x", payload={"how": [f"{VICTIM} knows him"]})
    certificate = approved(force, proposed(force, opened(force)))
    with building():
        assert Requester.objects.get().name == ""
        assert SearchedWords.objects.get().words == ""
    assert certificate.erased["cases_draft.payload"] == 1
    with building():
        from cases.models import Draft

        assert json.dumps(Draft.unguarded.get(form="record-context").payload) == '{"how": ["[erased] knows him"]}'


def test_certificates_hold_on_to_each_other(force, old_case) -> None:
    first = approved(force, proposed(force, opened(force)))
    second = approved(force, proposed(force, opened(force, SUSPECT)))
    assert (first.digest_before, second.digest_before) == ("", first.digest)
    assert first.digest != second.digest


def test_nothing_that_was_decided_can_be_changed(force, old_case) -> None:
    from django.db import ProgrammingError, connection

    from tests.access.scene import savepoint

    approved(force, proposed(force, opened(force)))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("certificate", "disposal", "disposalanswer", "disposalmark", "opening", "retentiondecision"):
        for statement in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
            with building(), pytest.raises(ProgrammingError, match="append-only"), savepoint(), connection.cursor() as cursor:
                cursor.execute(statement.format(f"information_{table}"))
