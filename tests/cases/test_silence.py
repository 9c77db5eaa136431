"""Whoever acts in time hears nothing: sixty days of a case on which everybody does what is due before anybody need be told."""

from datetime import timedelta

import pytest

from cases import operations
from cases.enums import EventKind
from cases.models import Message, OffenceType, Reminder, Review, TimeLimit
from cases.operations.reminders import Reminded, send_reminders
from people.roles import Role
from tests import forms, worlds
from tests.worlds import MONDAY, Force, actor, at, building, log_case, set_clock

PLAN = {"story": "s", "suspect": "s", "victim": "v", "material": "", "protection": "p", "first_steps": "f"}
DAYS = 60


@pytest.mark.parametrize("profile", ["JE", "EW"])
def test_sixty_days_of_a_case_on_which_everybody_acts_are_silent(as_user, force: Force, monkeypatch, settings, profile) -> None:  # type: ignore[no-untyped-def]
    settings.FORCE_PROFILE = profile
    set_clock(at(MONDAY, 10))
    with building():
        offence = OffenceType.objects.filter(profile=profile, valid_to=None).order_by("order")[0]
    case = log_case(force, offence_type_ids=(offence.pk,))
    officer = actor(force.investigator)
    operations.set_plan(case, actor=officer, answers=PLAN, version=0)
    for kind, subject in ((EventKind.SUPPORT_REFERRED, "V1"), (EventKind.EARLY_ADVICE_DECIDED, "")):
        operations.record_event(case, actor=officer, kind=kind, subject=subject, at=at(MONDAY, 10), text="Done.")
    arrest = MONDAY + timedelta(days=20)
    for number in range(DAYS):
        day = MONDAY + timedelta(days=number)
        set_clock(at(day, 8))
        if day == arrest:
            (arrested,) = operations.record_event(
                case, actor=officer, kind=EventKind.SUSPECT_ARRESTED, subject="S1", at=at(day, 7), text="At home."
            )
            operations.record_event(
                case,
                actor=officer,
                kind=EventKind.VICTIM_TOLD,
                subject="V1",
                at=at(day, 7, 30),
                text="By phone.",
                about=[arrested.pk],
            )
        with building():
            soon = list(Review.unguarded.filter(case=case, completed_at=None, due_on__lte=day + timedelta(days=4)))
        for review in soon:
            signer = force.inspector if review.lowest_role == Role.INSPECTOR else force.sergeant
            answers = forms.review(own_words=f"Seen on day {number}.")
            answer = as_user(signer).post(f"/reviews/{review.pk}/", answers)
            if answer.status_code == 409:
                answer = as_user(signer).post(f"/reviews/{review.pk}/", forms.confirmed(answers, answer.content))
            assert answer.status_code == 302
        monkeypatch.setattr(worlds, "LOGIN", "rasso_worker")
        set_clock(at(day, 9))
        assert send_reminders() == Reminded(0), day
        monkeypatch.setattr(worlds, "LOGIN", "rasso_web")
    with building():
        assert not Reminder.unguarded.exists() and not Message.unguarded.exists()
        assert Review.unguarded.filter(case=case, completed_at__isnull=False).count() >= 3, "the play had something to do"
        assert TimeLimit.unguarded.filter(case=case, met_at__isnull=False).count() >= 4
