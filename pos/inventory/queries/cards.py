"""The stock card of an item: what came, what went and what was there, in the order it happened."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

# A business date lies within two days of the instants that belong to it, wherever on earth the location is: the
# bounds let the index (variant, location, at) do the work, the business date decides.
_SLACK: Final = dt.timedelta(days=2)
EARLIEST: Final = dt.date(2000, 1, 1)
LATEST: Final = dt.date(2199, 12, 31)
"""Cards begin and end between these days."""
_PLACE: Final = """
variant_id = %(variant_id)s AND (%(location_id)s::uuid IS NULL OR location_id = %(location_id)s)
"""
# One pass over everything up to the end: what is before the period is one row, each day in it one per kind.
_DAYS: Final = f"""
SELECT CASE WHEN business_date < %(since)s THEN NULL ELSE business_date END AS day,
    CASE WHEN business_date < %(since)s THEN '' ELSE kind END AS what,
    COALESCE(sum(quantity) FILTER (WHERE quantity > 0), 0),
    COALESCE(sum(quantity) FILTER (WHERE quantity < 0), 0),
    sum(value_minor)
FROM pos_stockmovement
WHERE {_PLACE} AND at < %(end)s AND business_date < %(until)s
GROUP BY 1, 2
ORDER BY 1 NULLS FIRST, 2
"""  # noqa: S608  a constant of this file
_ROWS: Final = f"""
SELECT id, kind, quantity, value_minor, lot_id, location_id, order_id, order_line_id, document_id, original_id,
    reason, employee_id, at, business_date, recorded_at
FROM pos_stockmovement
WHERE {_PLACE} AND at >= %(start)s AND at < %(end)s
    AND business_date >= %(since)s AND business_date < %(until)s
    AND (%(before_at)s::timestamptz IS NULL OR (at, id) < (%(before_at)s::timestamptz, %(before_id)s::uuid))
ORDER BY at DESC, id DESC
LIMIT %(limit)s
"""  # noqa: S608  a constant of this file
_AFTER: Final = f"""
SELECT COALESCE(sum(quantity), 0), COALESCE(sum(value_minor), 0) FROM pos_stockmovement
WHERE {_PLACE} AND at >= %(before_at)s AND at < %(end)s AND business_date < %(until)s
    AND (at, id) >= (%(before_at)s::timestamptz, %(before_id)s::uuid)
"""  # noqa: S608  a constant of this file


@dataclass(frozen=True, slots=True)
class CardDay:
    """A business day: what came, what went (negative), and what was there and worth in the evening."""

    date: dt.date
    came: Decimal
    went: Decimal
    on_hand: Decimal
    value_minor: Decimal


@dataclass(frozen=True, slots=True)
class CardSum:
    """All movements of one kind in the period."""

    kind: str
    quantity: Decimal
    value_minor: Decimal


@dataclass(frozen=True, slots=True)
class CardRow:
    """A movement with what was there and worth after it."""

    id: UUID
    kind: str
    quantity: Decimal
    value_minor: Decimal
    lot_id: UUID | None
    location_id: UUID
    order_id: UUID | None
    order_line_id: UUID | None
    document_id: UUID | None
    original_id: UUID | None
    reason: str
    employee_id: UUID | None
    at: dt.datetime
    business_date: dt.date
    recorded_at: dt.datetime | None
    on_hand_after: Decimal
    value_after_minor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCard:
    """A period of an item's life in stock: figures at both ends, sums by kind, days that had any, newest rows."""

    opening: Decimal
    opening_value_minor: Decimal
    closing: Decimal
    closing_value_minor: Decimal
    sums: tuple[CardSum, ...]
    days: tuple[CardDay, ...]
    rows: tuple[CardRow, ...]
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPeriod:
    """Whose card, where (None: everywhere), and the business days `[since, until)`."""

    variant_id: UUID
    location_id: UUID | None
    since: dt.date
    until: dt.date

    @property
    def values(self) -> dict[str, Any]:
        """What the statements ask for."""
        return {
            "variant_id": self.variant_id,
            "location_id": self.location_id,
            "since": self.since,
            "until": self.until,
            "start": _midnight(self.since) - _SLACK,
            "end": _midnight(self.until) + _SLACK,
        }


def stock_card(
    *, period: CardPeriod, limit: int, before: tuple[dt.datetime, UUID] | None = None
) -> StockCard:
    """The card with its newest `limit` movements, or those before a row named by its time and id.

    Two statements, three for later pages; all in the order of `at`, so what was recorded late stands where it
    happened.
    """
    values = period.values
    before_at, before_id = before or (None, None)
    asked = {**values, "before_at": before_at, "before_id": before_id, "limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, values)
        sums = cursor.fetchall()
        cursor.execute(_ROWS, asked)
        found = cursor.fetchall()
        after = (Decimal(0), Decimal(0))
        if before is not None:
            cursor.execute(_AFTER, asked)
            after = cursor.fetchone()
    opening, worth = _opening(sums)
    days = tuple(_days(sums, opening, worth))
    closing, value = (days[-1].on_hand, days[-1].value_minor) if days else (opening, worth)
    return StockCard(
        opening=opening,
        opening_value_minor=worth,
        closing=closing,
        closing_value_minor=value,
        sums=_by_kind(sums),
        days=days,
        rows=tuple(_rows(found[:limit], closing - after[0], value - after[1])),
        has_more=len(found) > limit,
    )


def _opening(sums: Sequence[Any]) -> tuple[Decimal, Decimal]:
    if not sums or sums[0][0] is not None:
        return Decimal(0), Decimal(0)
    _, _, came, went, value = sums[0]
    return came + went, value


def _days(sums: Iterable[Any], on_hand: Decimal, value: Decimal) -> Iterable[CardDay]:
    by_day: dict[dt.date, list[Decimal]] = {}
    for day, _, came, went, worth in sums:
        if day is not None:
            held = by_day.setdefault(day, [Decimal(0), Decimal(0), Decimal(0)])
            held[0], held[1], held[2] = held[0] + came, held[1] + went, held[2] + worth
    for day, (came, went, worth) in by_day.items():
        on_hand, value = on_hand + came + went, value + worth
        yield CardDay(day, came, went, on_hand, value)


def _by_kind(sums: Iterable[Any]) -> tuple[CardSum, ...]:
    held: dict[str, tuple[Decimal, Decimal]] = {}
    for day, kind, came, went, worth in sums:
        if day is not None:
            quantity, value = held.get(kind, (Decimal(0), Decimal(0)))
            held[kind] = quantity + came + went, value + worth
    return tuple(CardSum(kind, *held[kind]) for kind in sorted(held))


def _rows(found: Iterable[Any], on_hand: Decimal, value: Decimal) -> Iterable[CardRow]:
    """Newest first, so each row's balance is the one before less its own movement."""
    for row in found:
        yield CardRow(*(*row, on_hand, value))
        on_hand, value = on_hand - row[2], value - row[3]


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
