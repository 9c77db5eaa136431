"""Half-filled long forms: kept for their owner, thrown away by their owner."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from cases.models import Draft
from cases.models.draft import KEY
from kit.access import Actor, NotVisible
from kit.drafts import Sending
from kit.operations import FormKey, on_own_rows, only_once, refuse_if_sent


@on_own_rows
def save_draft(
    *,
    actor: Actor,
    now: datetime,
    form: str,
    about: str,
    payload: dict[str, Any],
    of_form: UUID | FormKey | None = None,
    sending: Sending | None = None,
) -> None:
    """Keep what was typed so far, in place of what was kept before, unless that was sent later (``sending``). ``of_form``: the key of the
    form. Raises SentBefore when that was sent meanwhile, NotVisible when the case that it is about is gone: a tracker can be taken back,
    though not while a draft of somebody hangs on its case."""
    refuse_if_sent(of_form)
    hold_case(about)
    draft = begun(actor, now, form, about, {})
    if sending is None or not sending.was_overtaken(draft.sendings):
        write(draft, now, payload, sending)


@on_own_rows
def save_page(
    *,
    actor: Actor,
    now: datetime,
    form: str,
    key: str,
    page: str,
    typed: dict[str, list[str]],
    begin: bool,
    sending: Sending | None = None,
) -> bool:
    """Keep what was typed on one page of a form of several, beside what the others kept. Answers whether it is kept, or something that
    this page sent later: only in the draft with this key; with ``begin=False`` only where there is one still. Raises SentBefore where the
    draft with this key is finished."""
    if begin:
        refuse_if_sent(UUID(key))
    mine = Draft.unguarded.filter(owner_id=actor.user_id, form=form, about="")
    draft = begun(actor, now, form, "", {KEY: key}) if begin else mine.select_for_update().first()
    if draft is None or draft.payload.get(KEY, "") != key:
        return False
    if sending is None or not sending.was_overtaken(draft.sendings):
        write(draft, now, {**draft.payload, page: typed}, sending)
    return True


def begun(actor: Actor, now: datetime, form: str, about: str, payload: dict[str, Any]) -> Draft:
    """The draft under its lock; a new one where there is none, which another request may begin at the same moment."""
    draft, _ = Draft.unguarded.select_for_update().get_or_create(
        owner_id=actor.user_id, form=form, about=about, defaults={"payload": payload, "begun_at": now, "updated_at": now}
    )
    return draft


def write(draft: Draft, now: datetime, payload: dict[str, Any], sending: Sending | None) -> None:
    draft.payload, draft.updated_at = payload, now
    if sending is not None:
        draft.sendings = sending.beside(draft.sendings)
    draft.save(update_fields=["payload", "sendings", "updated_at"])


def finish_draft(owner_id: int, form: str) -> None:
    """Its form of several pages is sent: nothing that one of them still sends brings the draft back. In the transaction of the act."""
    mine = Draft.unguarded.filter(owner_id=owner_id, form=form)
    for key in mine.filter(payload__has_key=KEY).values_list(f"payload__{KEY}", flat=True):
        only_once(UUID(key))
    mine.delete()


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
