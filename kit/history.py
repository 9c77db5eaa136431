"""django-simple-history, told who and when by the binding of the transaction instead of by a request."""

from collections.abc import Sequence
from typing import Any

import uuid6
from django.db import models
from simple_history.models import HistoricalRecords

from kit.binding import current
from kit.classification import OperationalHistory


def _remember_actor(historical: Any, actor: Any) -> None:
    historical.history_user_id = actor.user_id if actor is not None else None


def _actor_id(historical: Any) -> int | None:
    return historical.history_user_id  # type: ignore[no-any-return]


class History(HistoricalRecords):
    """What each row said before and after a change, for people to read on the page.

    The person is stored as a number, not as an object: whoever reads the page looks the names up in one query. The time is
    the domain's (kit.clock), so that the movable clock of the demonstration tells one story.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            bases=[OperationalHistory],
            history_id_field=models.UUIDField(default=uuid6.uuid7),
            history_user_id_field=models.BigIntegerField(null=True),
            history_user_getter=_actor_id,
            history_user_setter=_remember_actor,
            use_base_model_db=True,
            **options,
        )

    def get_history_user(self, instance: models.Model) -> Any:
        bound = current()
        return bound.actor if bound else None

    def create_historical_record(self, instance: models.Model, history_type: str, using: str | None = None) -> None:
        if bound := current():
            instance._history_date = bound.now  # type: ignore[attr-defined]
        super().create_historical_record(instance, history_type, using)


def note_change(*instances: models.Model) -> None:
    """Write the history of a change that a database function is about to make, while the actor may still see the rows."""
    _note(instances, update=True)


def note_new(instances: Sequence[models.Model]) -> None:
    """Write the history of rows of one table that were inserted at once."""
    _note(instances, update=False)


def _note(instances: Sequence[models.Model], *, update: bool) -> None:
    bound = current()
    if instances:
        manager = type(instances[0]).history  # type: ignore[attr-defined]
        manager.bulk_history_create(
            instances, batch_size=500, update=update, default_user=bound and bound.actor, default_date=bound and bound.now
        )
