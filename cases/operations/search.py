"""What somebody searches for is kept for a day, so that they come back to what was found and no address holds a word of it."""

from datetime import datetime, timedelta
from uuid import UUID

from cases.models import RememberedSearch
from kit.access import Actor
from kit.operations import on_own_rows

KEPT = timedelta(days=1)


@on_own_rows
def remember_search(*, actor: Actor, now: datetime, words: str) -> UUID:
    RememberedSearch.unguarded.filter(owner_id=actor.user_id, at__lt=now - KEPT).delete()
    search = RememberedSearch(owner_id=actor.user_id, words=words, at=now)
    # Forced, because PostgreSQL would else be asked first whether the row is there.
    search.save(force_insert=True)
    return search.pk
