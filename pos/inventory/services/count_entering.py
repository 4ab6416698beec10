"""Counting itself: entries are appended by many people at once, and taken back by entries that say so.

Whoever enters holds the count's row with a shared lock, so entries do not wait for each other; submitting takes it
alone, so an entry is either in what was submitted or refused.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import Conflict, NotFound
from fynlo.core.ids import new_id
from fynlo.events.log import append, unit_of_work
from pos.catalog.wall_clock import wall_clock
from pos.events import StockCountEntered
from pos.inventory import states
from pos.inventory.count_drafts import EntryDraft
from pos.inventory.errors import CountClosed, TimeOutOfRange
from pos.inventory.models import StockCount, StockCountEntry, StockCountLine
from pos.inventory.queries.counts import count_document, count_entries, entry_document, find_count
from pos.inventory.services.count_reading import ReadEntry, know_lot, read_entries

MAX_ENTRIES: Final = 500
CLOCK_DRIFT: Final = dt.timedelta(minutes=2)
"""How far a device's clock may be ahead of the server's."""
EARLY: Final = dt.timedelta(minutes=10)
"""How long before a count was opened (by the server's clock) a device may say that something was counted."""

_Place = tuple[UUID, UUID | None]
"""What a line is about: a variant, and the lot where lots are told apart."""

_SHARE: Final = "SELECT state FROM pos_stockcount WHERE id = %s FOR SHARE"
_ALONE: Final = "SELECT state FROM pos_stockcount WHERE id = %s FOR UPDATE"
# In the order of their keys, so two scanners that find the same things wait and never cross.
_LINES: Final = """
INSERT INTO pos_stockcountline (id, count_id, variant_id, lot_id, is_found, pass_number)
SELECT new.id, %(count)s, new.variant_id, new.lot_id, true, 1
FROM unnest(%(ids)s::uuid[], %(variants)s::uuid[], %(lots)s::uuid[]) AS new (id, variant_id, lot_id)
ORDER BY new.variant_id, new.lot_id NULLS FIRST
ON CONFLICT (count_id, variant_id, lot_id) DO NOTHING
"""


def enter(*, count_id: UUID, drafts: Sequence[EntryDraft], actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Append what was counted; returns the `entries` as they are kept, and the `count`. Known ones do nothing.

    Either all new entries are kept or none. Raises `Forbidden`, `NotFound`, `CountClosed`, `TimeOutOfRange`, and
    what `read_entries` raises, each with a pointer into `/entries`.
    """
    actor.require("stock.count")
    count = find_count(count_id)
    fresh = _unknown(count_id, drafts)
    if not fresh:
        return _document(count_id, [draft.id for draft in drafts])
    _check_open(count.state)
    _check_times(count, fresh, at)
    read = read_entries(drafts=fresh, at=wall_clock())
    try:
        run_transaction(partial(_append, count_id, read, actor, at))
    except IntegrityError as error:
        if not constraint(error).startswith("pos_stockcountentry_pkey"):
            raise
        # The same entries came twice at the same moment; now those of the other call are known.
        return enter(count_id=count_id, drafts=drafts, actor=actor, at=at)
    return _document(count_id, [draft.id for draft in drafts])


def void_entry(
    *, count_id: UUID, entry_id: UUID, void_id: UUID, actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    """Take an entry back; returns the new `entries` and the `count`. Taken back already: nothing happens.

    Raises `Forbidden`, `NotFound`, `CountClosed`.
    """
    actor.require("stock.count")
    count = find_count(count_id)
    entry = StockCountEntry.objects.filter(pk=entry_id, count_id=count_id, voids__isnull=True).first()
    if entry is None:
        raise NotFound("There is no such entry in this count.")

    def write() -> dict[str, Any]:
        with unit_of_work():
            _hold(count_id)
            if StockCountEntry.objects.filter(voids_id=entry_id).exists():
                return {"entries": [], "count": count_document(find_count(count_id))}
            StockCountEntry.objects.create(
                id=void_id,
                count_id=count_id,
                line_id=entry.line_id,
                pass_number=entry.pass_number,
                zone=entry.zone,
                quantity=0,
                entered_quantity=0,
                entered_unit=entry.entered_unit,
                voids_id=entry_id,
                counted_at=at,
                **_who(actor, at),
            )
            return _told(count_id, [void_id], at)

    try:
        return run_transaction(write)
    except IntegrityError as error:
        if constraint(error).startswith("pos_stockcountentry"):  # somebody took it back at the same moment
            return {"entries": [], "count": count_document(find_count(count.pk))}
        raise


def _append(count_id: UUID, read: Sequence[ReadEntry], actor: Actor, at: dt.datetime) -> None:
    with unit_of_work():
        _hold(count_id)
        places = [(each.of.variant_id, know_lot(each)) for each in read]
        lines = _lines(count_id, places)
        rows = []
        for each, place in zip(read, places, strict=True):
            line = lines[place]
            draft = each.draft
            rows.append(
                StockCountEntry(
                    id=draft.id,
                    count_id=count_id,
                    line=line,
                    pass_number=_pass(line, draft.counted_at),
                    zone=draft.zone,
                    quantity=each.quantity,
                    entered_quantity=each.entered_quantity,
                    entered_unit=each.entered_unit,
                    code=draft.code,
                    counted_at=draft.counted_at,
                    **_who(actor, at),
                )
            )
        StockCountEntry.objects.bulk_create(rows)
        _told(count_id, [row.pk for row in rows], at)


def _hold(count_id: UUID) -> None:
    """Hold the count as one that is being counted; the first entry begins it."""
    is_draft = StockCount.objects.filter(pk=count_id, state=states.DRAFT).exists()
    with connection.cursor() as cursor:
        cursor.execute(_ALONE if is_draft else _SHARE, [count_id])
        (state,) = cursor.fetchone()
    _check_open(state)
    if state == states.DRAFT:
        StockCount.objects.filter(pk=count_id).update(state=states.COUNT.after(state, "enter"))


def _lines(count_id: UUID, places: Sequence[_Place]) -> dict[_Place, StockCountLine]:
    """The lines of these goods; what was not asked for gets a line when it is found."""
    found = _known_lines(count_id, places)
    missing = sorted(
        set(places) - set(found),
        key=lambda key: (key[0], key[1] or UUID(int=0)),
    )
    if not missing:
        return found
    columns: dict[str, Any] = {
        "count": count_id,
        "ids": [new_id() for _ in missing],
        "variants": [variant_id for variant_id, _ in missing],
        "lots": [lot_id for _, lot_id in missing],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LINES, columns)
    return _known_lines(count_id, places)


def _known_lines(count_id: UUID, places: Sequence[_Place]) -> dict[_Place, StockCountLine]:
    rows = StockCountLine.objects.filter(count_id=count_id, variant_id__in={key for key, _ in places})
    return {(row.variant_id, row.lot_id): row for row in rows}


def _pass(line: StockCountLine, counted_at: dt.datetime) -> int:
    """What was counted before it was to be counted again belongs to the pass before, however late it is sent."""
    if line.pass_started_at is not None and counted_at < line.pass_started_at:
        return line.pass_number - 1
    return line.pass_number


def _unknown(count_id: UUID, drafts: Sequence[EntryDraft]) -> dict[int, EntryDraft]:
    """Drafts that are not in the count yet, each once, by their place in the request.

    Raises `Conflict` for an id used in another count.
    """
    ids = [draft.id for draft in drafts]
    known = dict(StockCountEntry.objects.filter(pk__in=ids).values_list("id", "count_id"))
    fresh: dict[UUID, tuple[int, EntryDraft]] = {}
    for number, draft in enumerate(drafts):
        if known.get(draft.id, count_id) != count_id:
            raise Conflict("An entry of another count has this id.", pointer=f"/entries/{number}/id")
        if draft.id not in known:
            fresh.setdefault(draft.id, (number, draft))
    return dict(fresh.values())


def _check_open(state: str) -> None:
    if "enter" not in states.COUNT.events(state):
        raise CountClosed(
            f"This count is {state}; it takes no more entries.", pointer="/entries", state=state
        )


def _check_times(count: StockCount, drafts: Mapping[int, EntryDraft], at: dt.datetime) -> None:
    for number, draft in drafts.items():
        pointer = f"/entries/{number}/counted_at"
        if draft.counted_at > at + CLOCK_DRIFT:
            raise TimeOutOfRange("Nothing can have been counted in the future.", pointer=pointer)
        if draft.counted_at < count.opened_at - EARLY:
            raise TimeOutOfRange("The count was not opened by then.", pointer=pointer)


def _told(count_id: UUID, ids: Sequence[UUID], at: dt.datetime) -> dict[str, Any]:
    document = _document(count_id, ids)
    append(StockCountEntered(entity_id=count_id, at=at, state=document))
    return document


def _document(count_id: UUID, ids: Sequence[UUID]) -> dict[str, Any]:
    rows = count_entries(count_id).filter(pk__in=ids).order_by("id")
    return {
        "entries": [entry_document(row) for row in rows],
        "count": count_document(find_count(count_id)),
    }


def _who(actor: Actor, at: dt.datetime) -> dict[str, Any]:
    return {
        "counted_by_id": actor.id,
        "counted_by_name": actor.name,
        "device_id": actor.device_id,
        "recorded_at": at,
    }
