"""What should have been used against what was: per variant, from shelf to shelf, on some business days.

What recipes say was sold left stock by movements of kind `sale`, so the theoretical use is their sum, less what
came back. Whatever else is missing at the end, and no delivery, batch, transfer or waste explains, is variance.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final
from uuid import UUID

from django.db import connection

from pos.inventory.cost_state import EXACT

# A revaluation belongs to what it corrects. A batch taken back is less made, and less used for it.
_GROUP: Final = """
CASE
    WHEN base.kind IN ('sale', 'return') THEN 'sold'
    WHEN base.kind IN ('purchase', 'purchase_return', 'opening') THEN 'received'
    WHEN base.kind IN ('transfer_in', 'transfer_out') THEN 'transferred'
    WHEN base.kind = 'production' THEN
        CASE WHEN (base.quantity > 0) = (base.original_id IS NULL) THEN 'produced' ELSE 'used' END
    WHEN base.kind = 'waste' THEN 'waste'
    WHEN base.kind = 'revaluation' THEN 'revalued'
    ELSE 'counted'
END
"""
_GROUPS: Final = ("received", "transferred", "produced", "used", "sold", "waste", "counted", "revalued")
_SUMS: Final = ",\n".join(
    f"COALESCE(sum(moved.{figure}) FILTER (WHERE moved.part = '{part}'), 0)"
    for part in _GROUPS
    for figure in ("quantity", "value_minor")
)
# The card's index (variant, location, at) finds what moved since the first day; a business day begins at most
# fourteen hours before its date does in UTC and ends a day later at most.
_USAGE: Final = f"""
WITH moved AS (
    SELECT level.variant_id, moved.quantity, moved.value_minor,
        CASE WHEN moved.business_date > %(last)s THEN 'later' ELSE {_GROUP} END AS part
    FROM pos_stocklevel AS level
    JOIN pos_stockmovement AS moved ON moved.variant_id = level.variant_id
        AND moved.location_id = level.location_id AND moved.at >= %(since)s AND moved.business_date >= %(first)s
    LEFT JOIN pos_stockmovement AS original
        ON original.id = moved.original_id AND moved.kind = 'revaluation'
    CROSS JOIN LATERAL (
        SELECT COALESCE(original.kind, moved.kind) AS kind, COALESCE(original.quantity, moved.quantity) AS quantity,
            CASE WHEN original.id IS NULL THEN moved.original_id ELSE original.original_id END AS original_id
    ) AS base
    WHERE %(location)s::uuid IS NULL OR level.location_id = %(location)s
), now AS (
    SELECT variant_id, sum(on_hand) AS quantity, sum(value_minor) AS value_minor
    FROM pos_stocklevel WHERE %(location)s::uuid IS NULL OR location_id = %(location)s
    GROUP BY variant_id
), summed AS (
    SELECT moved.variant_id,
        COALESCE(sum(moved.quantity) FILTER (WHERE moved.part = 'later'), 0) AS later,
        COALESCE(sum(moved.value_minor) FILTER (WHERE moved.part = 'later'), 0) AS later_minor,
        count(*) FILTER (WHERE moved.part <> 'later') AS movements,
        ARRAY[{_SUMS}] AS sums
    FROM moved GROUP BY moved.variant_id
)
SELECT variant.id, variant.sku, item.name, variant.name, item.unit, now.quantity - COALESCE(summed.later, 0),
    now.value_minor - COALESCE(summed.later_minor, 0), summed.sums
FROM now
JOIN pos_variant AS variant ON variant.id = now.variant_id
JOIN pos_item AS item ON item.id = variant.item_id
LEFT JOIN summed ON summed.variant_id = now.variant_id
WHERE (summed.movements > 0 OR now.quantity <> COALESCE(summed.later, 0))
    AND (%(category)s::uuid IS NULL OR item.category_id = %(category)s)
    AND (%(text)s::text IS NULL OR position(lower(%(text)s) IN lower(item.name || ' ' || variant.sku)) > 0)
"""  # noqa: S608  constants of this module
_BEFORE: Final = dt.timedelta(days=2)
_HUNDREDTH: Final = Decimal("0.01")
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A quantity in the item's unit, and what it is worth in minor units."""

    quantity: Decimal = _NOTHING
    value_minor: Decimal = _NOTHING

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            quantity=self.quantity + other.quantity, value_minor=self.value_minor + other.value_minor
        )

    def __neg__(self) -> "Amount":
        return Amount(quantity=-self.quantity, value_minor=-self.value_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """A variant from shelf to shelf. What comes is positive in `opening` to `produced`, what goes in the others.

    opening + received + transferred + produced − used in production − theoretical − waste − variance = closing.
    A variance above zero is missing, below zero too much. `revalued` is the part of values that no goods explain.
    """

    variant_id: UUID
    sku: str
    name: str
    unit: str
    opening: Amount
    received: Amount
    transferred: Amount
    produced: Amount
    used_in_production: Amount
    theoretical: Amount
    waste: Amount
    variance: Amount
    revalued_minor: Decimal
    closing: Amount

    @property
    def actual(self) -> Amount:
        """What is gone and was neither thrown away nor put into a batch."""
        return self.theoretical + self.variance

    @property
    def variance_percent(self) -> Decimal | None:
        """The variance as a share of the theoretical use, in per cent; None where nothing should have been used."""
        if not self.theoretical.quantity:
            return None
        with localcontext(EXACT):
            share = self.variance.quantity * 100 / self.theoretical.quantity
            return share.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageFilter:
    """Business days (both included), where, and of what."""

    first: dt.date
    last: dt.date
    location_id: UUID | None = None
    category_id: UUID | None = None
    text: str | None = None


def stock_usage(*, wanted: UsageFilter) -> list[Usage]:
    """Per variant that was there or moved, the dearest variance first; one statement."""
    asked = {
        "first": wanted.first,
        "last": wanted.last,
        "since": dt.datetime.combine(wanted.first, dt.time(), dt.UTC) - _BEFORE,
        "location": wanted.location_id,
        "category": wanted.category_id,
        "text": wanted.text or None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_USAGE, asked)
        found = [_usage(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda row: (-abs(row.variance.value_minor), row.name, row.variant_id))


def usage_totals(rows: Iterable[Usage]) -> dict[str, Decimal]:
    """What the parts are worth together, by name."""
    names = [field.name for field in fields(Usage) if field.type is Amount]
    totals = {f"{name}_minor": _NOTHING for name in names} | {"revalued_minor": _NOTHING}
    for row in rows:
        for name in names:
            totals[f"{name}_minor"] += getattr(row, name).value_minor
        totals["revalued_minor"] += row.revalued_minor
    return totals


def _usage(
    variant_id: UUID,
    sku: str,
    item: str,
    variant: str,
    unit: str,
    closing: Decimal,
    closing_minor: Decimal,
    sums: list[Decimal] | None,
) -> Usage:
    flat = sums or [_NOTHING] * (2 * len(_GROUPS))
    part = {
        name: Amount(quantity=flat[2 * place], value_minor=flat[2 * place + 1])
        for place, name in enumerate(_GROUPS)
    }
    end = Amount(quantity=closing, value_minor=closing_minor)
    moved = Amount()
    for each in part.values():
        moved += each
    return Usage(
        variant_id=variant_id,
        sku=sku,
        name=f"{item}, {variant}" if variant else item,
        unit=unit,
        opening=end + -moved,
        received=part["received"],
        transferred=part["transferred"],
        produced=part["produced"],
        used_in_production=-part["used"],
        theoretical=-part["sold"],
        waste=-part["waste"],
        variance=-part["counted"],
        revalued_minor=part["revalued"].value_minor,
        closing=end,
    )
