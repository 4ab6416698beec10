"""Lines of a count written back, all in one statement: a stocktake of a whole shop has thousands."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from pos.inventory.models import StockCountLine

_DECIDE: Final = """
UPDATE pos_stockcountline AS line SET counted = new.counted, counted_at = new.counted_at,
    expected = new.expected, unit_cost_minor = new.unit_cost_minor
FROM unnest(%(ids)s::uuid[], %(counted)s::numeric[], %(counted_at)s::timestamptz[], %(expected)s::numeric[],
    %(unit_cost_minor)s::numeric[]) AS new (id, counted, counted_at, expected, unit_cost_minor)
WHERE line.id = new.id
"""
_COLUMNS: Final = ("counted", "counted_at", "expected", "unit_cost_minor")


def keep_decided(lines: Sequence[StockCountLine]) -> None:
    """Keep what was counted on `lines`, when, what was expected there, and what one is worth."""
    columns: dict[str, Any] = {name: [getattr(line, name) for line in lines] for name in _COLUMNS}
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE, columns | {"ids": [line.pk for line in lines]})
