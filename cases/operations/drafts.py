"""Half-filled long forms: kept for their owner, thrown away by their owner."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from cases.models import Draft
from kit.access import Actor, NotVisible
from kit.operations import FormKey, on_own_rows, refuse_if_sent


@on_own_rows
def save_draft(
    *,
    actor: Actor,
    now: datetime,
    form: str,
    about: str,
    payload: dict[str, Any],
    begin: bool = True,
    of_form: UUID | FormKey | None = None,
) -> bool:
    """Keep what was typed so far, in place of what was kept before. Answers whether it is kept: with ``begin=False`` only where
    there is a draft still. ``of_form``: the key of the form. Raises SentBefore when that was sent meanwhile, NotVisible when the case
    that it is about is gone: a tracker can be taken back, though not while a draft of somebody hangs on its case."""
    refuse_if_sent(of_form)
    hold_case(about)
    if not begin:
        mine = Draft.unguarded.filter(owner_id=actor.user_id, form=form, about=about)
        return bool(mine.update(payload=payload, updated_at=now))
    Draft.unguarded.update_or_create(
        owner_id=actor.user_id,
        form=form,
        about=about,
        defaults={"payload": payload, "updated_at": now},
        create_defaults={"payload": payload, "updated_at": now, "begun_at": now},
    )
    return True


@on_own_rows
def discard_draft(*, actor: Actor, now: datetime, form: str, about: str = "") -> None:
    Draft.unguarded.filter(owner_id=actor.user_id, form=form, about=about).delete()


def hold_case(about: str) -> None:
    if not about:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT rasso.hold_for_draft(%s)", [about])
        if not cursor.fetchone()[0]:
            raise NotVisible
