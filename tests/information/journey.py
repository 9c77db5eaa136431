"""What an information manager has before them on the site that every page is looked at on."""

from typing import Any

from cases.models import Case, Victim
from information import operations
from tests.information.requesting import manager, open_request
from tests.worlds import Force, actor, building

SOLICITOR = "Invented & Partners, solicitors"


def what_is_kept(force: Force, case: Case) -> dict[str, Any]:
    """Requests at each stage, by name."""
    with building():
        person_id = Victim.unguarded.get(case=case, number=1).person_id
    who = actor(manager(force))
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
    return {**{stage: request.pk for stage, request in requests.items()}, "person": person_id}
