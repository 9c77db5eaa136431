"""What is known of a suspect."""

from datetime import datetime

from cases import chronology, workflow
from cases.enums import Act, EventKind, SuspectKnown
from cases.models import Person, Suspect
from kit.access import Actor
from kit.operations import operation
from kit.refusal import refuse_stale


@operation(Act.INVESTIGATE)
def update_suspect(
    suspect: Suspect, *, actor: Actor, now: datetime, version: int, known: SuspectKnown, name: str, description: str
) -> None:
    """Write down what is known now. ``version`` is the one the officer read. Raises ChangedMeanwhile.

    Another name is another Person: what was recorded before is kept, never written over.
    """
    workflow.refuse_on_closed(suspect.case)
    refuse_stale(suspect.version, version)
    suspect.known, suspect.description, suspect.version = known, description, version + 1
    if name and (suspect.person is None or suspect.person.name != name):
        suspect.person = Person.unguarded.create(name=name, added_by_id=actor.user_id)
    suspect.save(update_fields=["known", "description", "version", "person"])
    what = f"{suspect}: {SuspectKnown(known).label.lower()}"
    chronology.record(suspect.case, EventKind.SUSPECT_DETAILS, by=actor.user_id, at=now, now=now, subject=str(suspect), text=what)
