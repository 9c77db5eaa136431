"""No record, no page: each read, act and refusal leaves one line that names who, which page and which cases."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from uuid6 import uuid7

from cases.models import EmergencyAccess, Event, TimeLimit
from people.models import AccessRecord, User
from tests.access.asking import BACKEND
from tests.access.scene import Scene, savepoint, undone
from tests.worlds import building


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def lines(since: int) -> list[tuple[Any, ...]]:
    with building():
        rows = AccessRecord.objects.filter(pk__gt=since).order_by("pk")
        return [(row.user_id, row.kind, row.page, set(row.case_ids), row.outcome) for row in rows]


def newest() -> int:
    with building():
        return AccessRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def recorded(user: User, method: str, address: str) -> list[tuple[Any, ...]]:
    """The lines that one request leaves, without who."""
    client, before = browser(user), newest()
    with savepoint():
        client.generic(method, address)
    found = lines(before)
    assert {line[0] for line in found} <= {user.pk}
    return [line[1:] for line in found]


def test_page_of_a_case_is_recorded_with_the_case(on_the_scene: Scene) -> None:
    case, officer = on_the_scene.cases["at hand"], on_the_scene.force.investigator
    for page, kind in (
        ("case", "LOOKED_AT"),
        ("case-history", "LOOKED_AT"),
        ("case-dates", "LOOKED_AT"),
        ("case-names", "NAMES_SHOWN"),
    ):
        assert recorded(officer, "GET", reverse(page, args=[case.reference])) == [(kind, page, {case.pk}, None)]


def test_review_is_recorded_with_its_case(on_the_scene: Scene) -> None:
    case = on_the_scene.cases["at hand"]
    address = reverse("review", args=[on_the_scene.review_of("at hand").pk])
    assert recorded(on_the_scene.force.sergeant, "GET", address) == [("LOOKED_AT", "review", {case.pk}, None)]


def test_list_is_recorded_with_every_case_on_it(on_the_scene: Scene) -> None:
    shown = {on_the_scene.cases[name].pk for name in ("at hand", "allocated since", "escalated", "not yet allocated")}
    sergeant = on_the_scene.force.sergeant
    assert recorded(sergeant, "GET", reverse("case-list")) == [("LISTED", "case-list", shown, None)]
    assert recorded(sergeant, "GET", reverse("review-queue") + "?whose=unit") == [("LISTED", "review-queue", shown, None)]
    for page, query in (("export-cases", ""), ("export-queue", "?whose=unit")):
        assert recorded(sergeant, "GET", reverse(page) + query) == [("EXPORTED", page, shown, None)]


def test_export_of_a_cases_actions_is_recorded_with_the_case_though_it_has_none(on_the_scene: Scene) -> None:
    case = on_the_scene.cases["not yet allocated"]
    address = reverse("export-actions", args=[case.reference])
    assert recorded(on_the_scene.force.sergeant, "GET", address) == [("EXPORTED", "export-actions", {case.pk}, None)]


def test_refusal_is_recorded_with_what_was_asked_for(on_the_scene: Scene) -> None:
    """For the auditor; whoever asked learns nothing of it, and sends the same statement whether the case exists or not."""
    stranger, case = on_the_scene.force.other_investigator, on_the_scene.cases["at hand"]
    for reference, found in ((case.reference, {case.pk}), ("JE-2026-00000", set())):
        for method in ("GET", "POST"):
            assert recorded(stranger, method, reverse("record-event", args=[reference])) == [
                ("REFUSED", "record-event", found, 404)
            ]
            with undone():
                browser(stranger).generic(method, reverse("record-event", args=[reference]))
                with building():
                    line = AccessRecord.objects.latest("pk")
                assert (line.basis, line.rights, line.words_digest) == (reference, [], None)


def test_refusal_is_recorded_with_the_keys_in_the_address(on_the_scene: Scene) -> None:
    """And with the case that they belong to, so that the auditor finds it; whoever asks is told nothing of it."""
    force, case, nobody = on_the_scene.force, on_the_scene.cases["at hand"], uuid7()
    with building():
        limit, event = (model.unguarded.filter(case=case).first().pk for model in (TimeLimit, Event))
        access = EmergencyAccess.unguarded.first()
    review = on_the_scene.review_of("at hand").pk
    for page, what, key, found in (
        ("review", "review", review, {case.pk}),
        ("suspend-limit", "limit", limit, {case.pk}),
        ("strike-event", "event", event, {case.pk}),
        ("review-emergency-access", "access", access.pk, {access.case_id}),
        ("review", "review", nobody, set()),
        ("person", "person", force.sergeant.pk, set()),
    ):
        parts = [case.reference] if page in ("suspend-limit", "strike-event") else []
        with undone():
            answer = browser(force.first_officer).get(reverse(page, args=[*parts, key]))
            assert answer.status_code == 404, page
            with building():
                line = AccessRecord.objects.latest("pk")
        assert (line.kind, set(line.case_ids), line.basis, line.words_digest) == (
            "REFUSED",
            found,
            ", ".join([*parts, f"{what} {key}"]),
            None,
        )


def test_refused_act_is_recorded(on_the_scene: Scene) -> None:
    case = on_the_scene.cases["at hand"]
    address = reverse("allocate-case", args=[case.reference])
    refusal = [("REFUSED", "allocate-case", {case.pk}, 403)]
    assert recorded(on_the_scene.force.investigator, "POST", address) == refusal


def test_partner_is_recorded_as_well(on_the_scene: Scene) -> None:
    case = on_the_scene.cases["at hand"]
    address = reverse("case", args=[case.reference])
    assert recorded(on_the_scene.force.user("PROSECUTOR"), "GET", address) == [("REFUSED", "case", {case.pk}, 404)]


def test_act_is_recorded_with_the_case(on_the_scene: Scene) -> None:
    case = on_the_scene.cases["at hand"]
    client, before = browser(on_the_scene.force.sergeant), newest()
    address = reverse("allocate-case", args=[case.reference])
    assert client.post(address, {"officer": on_the_scene.force.other_investigator.pk}).status_code == 302
    assert lines(before)[-1][1:] == ("CHANGED", "allocate_case", {case.pk}, None)


def test_page_that_cannot_be_recorded_is_not_shown(on_the_scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*arguments: Any, **named: Any) -> None:
        raise DatabaseError("the record is full")

    monkeypatch.setattr("kit.views.record", fails)
    client = browser(on_the_scene.force.investigator)
    client.raise_request_exception = False
    answer = client.get(reverse("case", args=[on_the_scene.cases["at hand"].reference]))
    assert answer.status_code == 500
    assert on_the_scene.cases["at hand"].reference not in answer.content.decode()
