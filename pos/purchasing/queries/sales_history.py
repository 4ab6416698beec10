"""What was sold of variants at a location, and on which days there was any: from the ledger, in two statements.

A day counts as one without stock when it began and ended without any and nothing was sold. Levels of past days are
today's level less what has moved since.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from pos.purchasing.demand import WEEK, YEAR_WEEKS, DemandDay, DemandHistory

WINDOW_DAYS: Final = 56
_YEAR_DAYS: Final = WEEK * YEAR_WEEKS
_MARGIN: Final = dt.timedelta(days=2)
"""A trading day may begin so much before the day in UTC."""
_MILLIONTH: Final = Decimal("0.000001")

_DAILY: Final = """
SELECT movement.variant_id, movement.business_date, SUM(movement.quantity),
    -COALESCE(SUM(movement.quantity) FILTER (WHERE movement.kind IN ('sale', 'return')), 0)
FROM pos_stockmovement AS movement
WHERE movement.variant_id = ANY(%(variants)s) AND movement.location_id = %(location)s
    AND movement.at >= %(since)s AND movement.business_date >= %(first)s
GROUP BY movement.variant_id, movement.business_date
"""
_FIRST: Final = """
SELECT wanted.id, movement.business_date
FROM unnest(%(variants)s::uuid[]) AS wanted (id)
CROSS JOIN LATERAL (
    SELECT business_date FROM pos_stockmovement
    WHERE variant_id = wanted.id AND location_id = %(location)s
    ORDER BY at LIMIT 1
) AS movement
"""

Days = dict[dt.date, tuple[Decimal, Decimal]]
"""By day: what moved all in all, and what was sold less what came back."""


def sales_histories(
    *, variant_ids: Sequence[UUID], location_id: UUID, levels: Mapping[UUID, Decimal], today: dt.date
) -> dict[UUID, DemandHistory]:
    """The history of each variant; `levels` are what is on hand now."""
    first = today - dt.timedelta(days=WINDOW_DAYS + _YEAR_DAYS)
    asked: dict[str, Any] = {
        "variants": list(variant_ids),
        "location": location_id,
        "first": first,
        "since": dt.datetime.combine(first, dt.time(), dt.UTC) - _MARGIN,
    }
    moved: dict[UUID, Days] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DAILY, asked)
        for variant_id, day, change, sold in cursor.fetchall():
            moved.setdefault(variant_id, {})[day] = change, sold
        cursor.execute(_FIRST, asked)
        began = dict(cursor.fetchall())
    return {
        key: history_of(
            days=moved.get(key, {}),
            level=levels.get(key, Decimal(0)),
            began=began.get(key, today),
            today=today,
        )
        for key in variant_ids
    }


def history_of(*, days: Days, level: Decimal, began: dt.date, today: dt.date) -> DemandHistory:
    """The window's days, and the weeks of the year before it, of a variant whose first movement was on `began`."""
    told = _told(days, level, began, today)
    window = tuple(day for day in told if day.date >= today - dt.timedelta(days=WINDOW_DAYS))
    by_week: dict[int, list[DemandDay]] = {}
    start = today - dt.timedelta(days=WINDOW_DAYS + _YEAR_DAYS)
    for day in told:
        by_week.setdefault((day.date - start).days // WEEK, []).append(day)
    year = tuple(_week(by_week.get(week, [])) for week in range(YEAR_WEEKS))
    return DemandHistory(days=window, year=year, window_weeks=WINDOW_DAYS // WEEK)


def _told(days: Days, level: Decimal, began: dt.date, today: dt.date) -> list[DemandDay]:
    """Every day from the first one looked at until yesterday, found by walking back from now."""
    start = max(began, today - dt.timedelta(days=WINDOW_DAYS + _YEAR_DAYS))
    at_end = level - sum((change for day, (change, _) in days.items() if day >= today), Decimal(0))
    told: list[DemandDay] = []
    nothing = Decimal(0), Decimal(0)
    for back in range(1, (today - start).days + 1):
        date = today - dt.timedelta(days=back)
        change, sold = days.get(date, nothing)
        at_start = at_end - change
        had_stock = bool(sold) or at_start > 0 or at_end > 0
        told.append(DemandDay(date=date, units=sold, had_stock=had_stock))
        at_end = at_start
    return told[::-1]


def _week(days: Sequence[DemandDay]) -> Decimal | None:
    """What a whole week would have sold, going by its days with stock; None without any."""
    counted = [day.units for day in days if day.had_stock]
    if not counted:
        return None
    total = sum(counted, Decimal(0))
    if len(counted) == WEEK:
        return total
    return (total * WEEK / len(counted)).quantize(_MILLIONTH, rounding=ROUND_HALF_UP)
