"""Stopping what has run out ("86") and letting it go on again: from any till, told to all of them at once."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.errors import NotFound, RuleViolation
from fynlo.core.ids import new_id
from fynlo.core.locks import lock_rows
from fynlo.events.log import append, unit_of_work
from pos.catalog.models import Stop
from pos.catalog.queries.stops import missing_targets, stop_document
from pos.events import CatalogStopLifted, CatalogStopped

# Twins meet at the constraint: the second one waits, then finds the stop as the first one made it. One that has
# expired begins anew under the same id. Nothing different: no row comes back.
_STOP: Final = """
INSERT INTO pos_stop AS stop (id, item_id, variant_id, location_id, reason, until, at, stopped_by)
VALUES (%(id)s, %(item)s, %(variant)s, %(location)s, %(reason)s, %(until)s, %(at)s, %(by)s)
ON CONFLICT ON CONSTRAINT pos_stop_once DO UPDATE
SET reason = excluded.reason, until = excluded.until, at = excluded.at, stopped_by = excluded.stopped_by
WHERE stop.until <= excluded.at
    OR (stop.reason, stop.until) IS DISTINCT FROM (excluded.reason, excluded.until)
RETURNING stop.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopDraft:
    """What is not to be had: an item or one variant, at one location or (None) everywhere, until or on."""

    item_id: UUID | None = None
    variant_id: UUID | None = None
    location_id: UUID | None = None
    until: dt.datetime | None = None
    reason: str = ""


def stop(*, draft: StopDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Stop it and tell the feed; returns the stop. The same stop again changes and tells nothing.

    Raises `Forbidden` without `catalog.stop`, `RuleViolation` for both or neither of item and variant or for a
    time that has passed, `NotFound` for what is not there. No lock of the catalogue: a till never waits here
    for an import.
    """
    actor.require("catalog.stop")
    if (draft.item_id is None) == (draft.variant_id is None):
        raise RuleViolation("Stop an item or one variant: state one of them.", pointer="/item_id")
    if draft.until is not None and draft.until <= at:
        raise RuleViolation("This time has passed.", pointer="/until")

    def write() -> dict[str, Any]:
        with unit_of_work():
            return _stop(draft, by=actor.id, at=at)

    return run_transaction(write)


def lift(*, stop_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """End a stop and tell the feed; returns it as it was. Raises `Forbidden`, and `NotFound` once it is gone."""
    actor.require("catalog.stop")

    def write() -> dict[str, Any]:
        with unit_of_work():
            rows = lock_rows(Stop.objects.all(), [stop_id])
            if not rows:
                raise NotFound("There is no such stop (any more).")
            document = stop_document(rows[0])
            rows[0].delete()
            append(CatalogStopLifted(entity_id=stop_id, at=at, state=document))
            return document

    return run_transaction(write)


def _stop(draft: StopDraft, *, by: UUID | None, at: dt.datetime) -> dict[str, Any]:
    missing = missing_targets(
        item_id=draft.item_id, variant_id=draft.variant_id, location_id=draft.location_id
    )
    for member in missing:
        raise NotFound("There is no such thing here.", pointer=f"/{member}")
    target = {"item_id": draft.item_id, "variant_id": draft.variant_id, "location_id": draft.location_id}
    values = {"item": draft.item_id, "variant": draft.variant_id, "location": draft.location_id}
    said: dict[str, Any] = {"id": new_id(), "reason": draft.reason, "until": draft.until, "at": at, "by": by}
    with connection.cursor() as cursor:
        cursor.execute(_STOP, {**values, **said})
        is_news = cursor.fetchone() is not None
    document = stop_document(Stop.objects.get(**target))
    if is_news:
        append(CatalogStopped(entity_id=UUID(document["id"]), at=at, state=document))
    return document
