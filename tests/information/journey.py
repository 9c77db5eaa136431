"""What an information manager has before them on the site that every page is looked at on."""

from typing import Any

from cases.models import Case, Suspect, Victim
from cases.operations import record_event
from information import operations
from information.models import Hold
from tests.information.requesting import approved, grow_old, manager, open_request, opened, proposed
from tests.worlds import Force, actor, building, log_case

SOLICITOR = "Invented & Partners, solicitors"


def what_is_kept(force: Force, case: Case) -> dict[str, Any]:
    """Requests at each stage, records that are due, a hold, a proposal and a certificate, by name."""
    with building():
        person_id = Victim.unguarded.get(case=case, number=1).person_id
    who = actor(manager(force))
    officer = actor(force.investigator)
    record_event(case, actor=officer, kind="NOTE", at=case.recorded_at, text="V1 says that S1 waited for her after work.")
    requests = {
        "opened": open_request(
            force, identity="NOT_YET", name="Invented Other-Person", acts_through=SOLICITOR, asks_for="Everything."
        ),
        "searching": open_request(force),
        "reviewing": open_request(force),
        "ended": open_request(force, name="Invented Other-Person"),
    }
    for stage in ("searching", "reviewing"):
        operations.choose_subject(actor=who, request=requests[stage], person_id=person_id, is_theirs=True)
    operations.begin_review(actor=who, request=requests["reviewing"])
    operations.end_request(actor=who, request=requests["ended"], outcome="NOTHING_HELD", because="That nothing is held.")
    return {**{stage: request.pk for stage, request in requests.items()}, **what_is_due(force)}


def what_is_due(force: Force) -> dict[str, Any]:
    who = actor(manager(force))
    kept = {}
    for name, other in {"Bygone": "Formerly", "Erstwhile": "Onetime"}.items():
        case = log_case(force, victim_name=f"Anna {name}", suspect_name=f"Carl {other}", safe_contact="Text only.")
        for text in (f"{name} was seen at the harbour, and Carl with her.", "The bar keeps its pictures for a month."):
            record_event(case, actor=actor(force.investigator), kind="NOTE", at=case.recorded_at, text=text)
        grow_old(force, case)
        with building():
            kept[name] = Victim.unguarded.get(case=case).person_id
            kept[other] = Suspect.unguarded.get(case=case).person_id
    operations.place_hold(
        actor=who, kind="INQUIRY", about="CASE", reference="JE-2014-00007", because="The care inquiry asked for it."
    )
    opened(force, "Anna Bygone")
    disposal = proposed(force, opened(force, "Anna Erstwhile"))
    certificate = approved(force, proposed(force, opened(force, "Carl Onetime")))
    # What has changed since then cannot be approved, so the other is proposed anew.
    operations.refuse_disposal(actor=actor(force.superintendent), disposal=disposal, because="The other was erased meanwhile.")
    disposal = proposed(force, opened(force, "Anna Erstwhile"))
    with building():
        hold = Hold.objects.get()
    return {**kept, "disposal": disposal.pk, "certificate": certificate.pk, "hold": hold.pk}
