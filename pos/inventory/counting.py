"""What a shelf held, and as of when, from what several people counted while selling went on. Pure.

Entries of a line add up. Their sum is true at one moment only if what moved meanwhile is known to have been counted
or not, so the rule says it (docs/concepts/counting.md):

- without a selling zone, a line is as of its last entry: whatever moved before was gone, or there, when the last
  part of it was counted;
- with one, customers take from that zone only, so a line is as of its last entry *there*; goods that other causes
  moved (deliveries, transfers, waste …) are where the other zones were counted, and are counted in or out as of the
  last entry there.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

SOLD_KINDS: Final = frozenset({"sale", "return", "channel"})
"""Kinds of movements that take from, and bring to, where customers take from."""


@dataclass(frozen=True, slots=True)
class Entry:
    """That there were `quantity` in `zone` at `counted_at`; of the whole variant (`lot_id` None) or of a lot."""

    variant_id: UUID
    lot_id: UUID | None
    zone: str
    quantity: Decimal
    counted_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """What came or went while it was counted."""

    variant_id: UUID
    lot_id: UUID | None
    kind: str
    quantity: Decimal
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """What a variant's lots (None: all of them) were as of `at`."""

    at: dt.datetime
    quantities: Mapping[UUID | None, Decimal]


def count_shelves(
    *, entries: Iterable[Entry], moved: Iterable[Moved], selling_zone: str
) -> dict[UUID, Counted]:
    """What was counted of each variant that has entries, and as of when."""
    by_variant: dict[UUID, list[Entry]] = {}
    for entry in entries:
        by_variant.setdefault(entry.variant_id, []).append(entry)
    moves: dict[UUID, list[Moved]] = {}
    for move in moved:
        moves.setdefault(move.variant_id, []).append(move)
    return {
        variant_id: _counted(own, moves.get(variant_id, []), selling_zone)
        for variant_id, own in by_variant.items()
    }


def _counted(entries: list[Entry], moved: list[Moved], selling_zone: str) -> Counted:
    quantities: dict[UUID | None, Decimal] = {}
    for entry in entries:
        quantities[entry.lot_id] = quantities.get(entry.lot_id, Decimal(0)) + entry.quantity
    sold_from = [entry.counted_at for entry in entries if entry.zone == selling_zone]
    others = [entry.counted_at for entry in entries if entry.zone != selling_zone]
    if not selling_zone or not sold_from or not others:
        return Counted(max(sold_from + others), quantities)
    at, stored_at = max(sold_from), max(others)
    for move in moved:
        lot_id = None if None in quantities else move.lot_id
        if move.kind in SOLD_KINDS or lot_id not in quantities:
            continue
        if stored_at < move.at <= at:
            quantities[lot_id] += move.quantity
        elif at < move.at <= stored_at:
            quantities[lot_id] -= move.quantity
    return Counted(at, quantities)
