"""Lots and serials where goods come and go: made known at receipt, taken first expiring first, or as stated.

The callers pass what they are about to record through here and record what comes back; who sells nothing that is
told apart does not come by. The levels are locked first, in the order of the variants' keys, as the movements
will lock them: two tills never take the last unit of the same lot (docs/concepts/lots.md).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.ids import new_id
from pos.inventory.cost_state import EXACT
from pos.inventory.lot_choice import LotsThere, Part, shares, sold_too_often
from pos.inventory.models.lots import LOT, SERIAL
from pos.inventory.services.movements import StockChange

UNKNOWN_LOT: Final = "unknown_lot"
SERIAL_SOLD_BEFORE: Final = "serial_sold_before"

# Sent together, one round trip: each sees what was committed when the locks of the first were granted.
_LOCK: Final = """
SELECT FROM pos_stocklevel WHERE location_id = %(location_id)s AND variant_id = ANY(%(locked)s::uuid[])
ORDER BY variant_id FOR NO KEY UPDATE;
"""
# The row of a lot that is named stays locked: a serial sold at two places at once is seen by the second.
_NAME: Final = """
INSERT INTO pos_stocklot AS lot (id, variant_id, code, kind, expires_on)
SELECT named.id, named.variant_id, named.code, named.kind, named.expires_on
FROM unnest(%(ids)s::uuid[], %(variants)s::uuid[], %(codes)s::text[], %(kinds)s::text[], %(expiries)s::date[])
    AS named (id, variant_id, code, kind, expires_on)
JOIN pos_variant AS known ON known.id = named.variant_id
ORDER BY named.variant_id, named.code
ON CONFLICT (code, variant_id) DO UPDATE SET expires_on = COALESCE(lot.expires_on, EXCLUDED.expires_on);
"""
# What may be taken, first expiring first, and the named lots: what their serials sold, when they were received.
_THERE: Final = """
SELECT FALSE AS is_named, lot.variant_id, lot.id, lot.code, level.on_hand, lot.expires_on, lot.received_at
FROM pos_stocklotlevel AS level JOIN pos_stocklot AS lot ON lot.id = level.lot_id
WHERE level.location_id = %(location_id)s AND level.variant_id = ANY(%(asked)s::uuid[]) AND level.on_hand > 0
UNION ALL
SELECT TRUE, lot.variant_id, lot.id, lot.code,
    (SELECT sum(moved.quantity) FROM pos_stockmovement AS moved
        WHERE moved.lot_id = lot.id AND moved.kind IN ('sale', 'return') AND lot.kind = 'serial'),
    lot.expires_on, lot.received_at
FROM unnest(%(variants)s::uuid[], %(codes)s::text[]) AS named (variant_id, code)
JOIN pos_stocklot AS lot ON lot.code = named.code AND lot.variant_id = named.variant_id
ORDER BY is_named, variant_id, expires_on NULLS LAST, received_at NULLS LAST, id
"""
_RECEIVE: Final = """
INSERT INTO pos_stocklot AS lot (id, variant_id, code, kind, expires_on, received_at)
SELECT came.id, came.variant_id, came.code, COALESCE(NULLIF(kept.tracking, 'none'), came.kind),
    COALESCE(came.expires_on, %(received_on)s::date + kept.shelf_life_days), %(at)s
FROM unnest(%(ids)s::uuid[], %(variants)s::uuid[], %(codes)s::text[], %(kinds)s::text[], %(expiries)s::date[])
    AS came (id, variant_id, code, kind, expires_on)
JOIN pos_variant AS known ON known.id = came.variant_id
LEFT JOIN pos_stockitem AS kept ON kept.item_id = known.item_id
ORDER BY came.variant_id, came.code
ON CONFLICT (code, variant_id) DO UPDATE SET
    expires_on = COALESCE(lot.expires_on, EXCLUDED.expires_on),
    received_at = COALESCE(lot.received_at, EXCLUDED.received_at)
RETURNING lot.id, lot.variant_id, lot.code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedLot:
    """The lot or serial that somebody read from the piece, and its last day if that was on it, too."""

    code: str
    expires_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LotOddity:
    """Something to look at in change number `index`: `unknown_lot` or `serial_sold_before`."""

    index: int
    code: str
    lot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The changes with their lots, one of several lots as several, and what is odd about it."""

    changes: tuple[StockChange, ...]
    oddities: tuple[LotOddity, ...] = ()


def allocate(
    *,
    location_id: UUID,
    changes: Sequence[StockChange],
    tracking: Mapping[UUID, str],
    stated: Mapping[int, StatedLot] | None = None,
) -> Allocation:
    """Give `changes` that take goods away their lots, before they are recorded by `record_movements`.

    `tracking` has the variants whose pieces are told apart, `lot` or `serial` (`queries.needs`, or `tracking_of`);
    where none of them goes, nothing is asked and the changes come back as they are, else it costs one statement.
    `stated` is what was read from the piece, by the number of the change: used as stated, and made known when
    nobody received it (`unknown_lot`). A serial is one piece; what a line has beyond it is of no lot.
    Lots nobody stated are those first to expire (without a date: last; then first received), marked as inferred;
    one change may become several. When the lots do not suffice, the rest is of no lot, and the sale goes on.
    Serials are never guessed. Changes that have a lot, name an original or bring goods are left as they are.

    Runs in the caller's unit of work, at one location, and locks the levels of all `changes`.
    """
    stated = {index: said for index, said in (stated or {}).items() if said.code}
    chosen = {index for index, change in enumerate(changes) if _is_open(change, tracking)}
    if not chosen:
        return Allocation(changes=tuple(changes))
    named = {index: said for index, said in stated.items() if index in chosen}
    found = _ask(location_id, changes, tracking, chosen, named)
    odd = list(_oddities(changes, tracking, named, found))
    return Allocation(changes=tuple(_split(changes, tracking, chosen, named, found)), oddities=tuple(odd))


@dataclass(frozen=True, slots=True, kw_only=True)
class LotReceipt:
    """A lot that comes: its code, and its last day if the package says so."""

    variant_id: UUID
    code: str
    expires_on: dt.date | None = None
    kind: str = LOT


def ensure_lots(
    *,
    location_id: UUID,
    receipts: Iterable[LotReceipt],
    variant_ids: Collection[UUID],
    at: dt.datetime,
    received_on: dt.date,
) -> dict[tuple[UUID, str], UUID]:
    """Make lots known that come in, and return their keys by variant and code; what is known stays as it is.

    A lot without a date expires `shelf_life_days` of its item after `received_on`, the business date. `kind`
    (`lot` or `serial`) counts for items that do not say how their pieces are told apart. `variant_ids` is
    everything the same document is about to move at `location_id`: those levels are locked first, in their order.
    One statement, none without receipts. Runs in the caller's unit of work.
    """
    came = {(each.variant_id, each.code): each for each in receipts if each.code}
    if not came:
        return {}
    asked = {
        "location_id": location_id,
        "locked": sorted({*variant_ids, *(variant_id for variant_id, _ in came)}),
        "at": at,
        "received_on": received_on,
        "ids": [new_id() for _ in came],
        "variants": [variant_id for variant_id, _ in came],
        "codes": [code for _, code in came],
        "kinds": [each.kind for each in came.values()],
        "expiries": [each.expires_on for each in came.values()],
    }
    rows = _together((_LOCK, _RECEIVE), asked)
    return {(variant_id, code): key for key, variant_id, code in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the database knows: the named lots (key, when received), what serials sold, what is there."""

    lots: Mapping[tuple[UUID, str], tuple[UUID, dt.datetime | None]]
    sold: Mapping[UUID, Decimal]
    there: LotsThere


def _is_open(change: StockChange, tracking: Mapping[UUID, str]) -> bool:
    return (
        change.variant_id in tracking
        and change.quantity < 0
        and change.lot_id is None
        and change.original_id is None
    )


def _ask(
    location_id: UUID,
    changes: Sequence[StockChange],
    tracking: Mapping[UUID, str],
    chosen: Collection[int],
    named: Mapping[int, StatedLot],
) -> _Found:
    lots = {(changes[index].variant_id, said.code): said for index, said in named.items()}
    asked = {
        "location_id": location_id,
        "locked": sorted({change.variant_id for change in changes}),
        "asked": sorted({changes[index].variant_id for index in chosen}),
        "ids": [new_id() for _ in lots],
        "variants": [variant_id for variant_id, _ in lots],
        "codes": [code for _, code in lots],
        "kinds": [tracking[variant_id] for variant_id, _ in lots],
        "expiries": [said.expires_on for said in lots.values()],
    }
    rows = _together((_LOCK, _NAME, _THERE) if lots else (_LOCK, _THERE), asked)
    named_rows = [row[1:] for row in rows if row[0]]
    return _Found(
        lots={(variant_id, code): (key, received) for variant_id, key, code, _, _, received in named_rows},
        sold={key: quantity for _, key, _, quantity, _, _ in named_rows if quantity is not None},
        there=LotsThere((row[1], row[2], row[4]) for row in rows if not row[0]),
    )


def _together(statements: Sequence[str], values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of the last of `statements`, which are sent in one round trip and run one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("".join(statements), values)
        return list(cursor.fetchall())


def _oddities(
    changes: Sequence[StockChange],
    tracking: Mapping[UUID, str],
    named: Mapping[int, StatedLot],
    found: _Found,
) -> Iterator[LotOddity]:
    serials: list[tuple[int, UUID, str]] = []
    for index, said in sorted(named.items()):
        variant_id = changes[index].variant_id
        lot = found.lots.get((variant_id, said.code))
        if lot is None:
            continue
        key, received_at = lot
        if received_at is None:
            yield LotOddity(index=index, code=UNKNOWN_LOT, lot=said.code)
        if tracking[variant_id] == SERIAL:
            serials.append((index, key, said.code))
    again = sold_too_often(sold=found.sold, now=[key for _, key, _ in serials])
    for (index, _, code), is_again in zip(serials, again, strict=True):
        if is_again:
            yield LotOddity(index=index, code=SERIAL_SOLD_BEFORE, lot=code)


def _split(
    changes: Sequence[StockChange],
    tracking: Mapping[UUID, str],
    chosen: Collection[int],
    named: Mapping[int, StatedLot],
    found: _Found,
) -> Iterator[StockChange]:
    as_stated = {index: _as_stated(changes[index], tracking, said, found) for index, said in named.items()}
    for index, change in enumerate(changes):
        if index not in chosen:
            yield change
        elif index in as_stated:
            yield from _parts(change, as_stated[index], is_inferred=False)
        elif tracking[change.variant_id] == SERIAL:
            yield change
        else:
            first = found.there.first_out(variant_id=change.variant_id, quantity=-change.quantity)
            yield from _parts(change, list(first), is_inferred=True)


def _as_stated(
    change: StockChange, tracking: Mapping[UUID, str], said: StatedLot, found: _Found
) -> list[Part]:
    """What was stated is taken first: what another line leaves to be guessed is guessed from the rest."""
    lot = found.lots.get((change.variant_id, said.code))
    quantity = -change.quantity
    if lot is None:  # the catalogue no longer has the variant
        return [Part(lot_id=None, quantity=quantity)]
    taken = min(quantity, Decimal(1)) if tracking[change.variant_id] == SERIAL else quantity
    found.there.take(variant_id=change.variant_id, lot_id=lot[0], quantity=taken)
    parts = [Part(lot_id=lot[0], quantity=taken), Part(lot_id=None, quantity=quantity - taken)]
    return [part for part in parts if part.quantity]


def _parts(change: StockChange, parts: Sequence[Part], *, is_inferred: bool) -> Iterator[StockChange]:
    with localcontext(EXACT):
        worths = shares(value=change.value_minor, parts=parts)
    for part, worth in zip(parts, worths, strict=True):
        yield replace(
            change,
            quantity=-part.quantity,
            value_minor=worth,
            lot_id=part.lot_id,
            is_lot_inferred=is_inferred and part.lot_id is not None,
        )
