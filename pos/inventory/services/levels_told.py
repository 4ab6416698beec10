"""What follows when levels have changed: alerts are looked at, and the feed hears what the levels are now."""

import datetime as dt
from collections.abc import Collection
from typing import Any, Final

from django.db import connection

from fynlo.core.ids import new_id
from fynlo.events.log import append
from pos.events import StockLevelsChanged
from pos.inventory.places import Place
from pos.inventory.quantities import plain_quantity
from pos.inventory.services.alerts import watch
from pos.inventory.services.dishes import watch_dishes

MOST: Final = 500
"""Levels in one event."""

_NOW: Final = """
SELECT level.variant_id, level.location_id, level.on_hand, level.reserved, level.in_transit
FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[]) AS asked (location_id, variant_id)
JOIN pos_stocklevel AS level ON level.variant_id = asked.variant_id AND level.location_id = asked.location_id
ORDER BY level.location_id, level.variant_id
"""


def tell_levels(*, levels: Collection[Place], at: dt.datetime) -> None:
    """Say what `levels` are now: a `stock.levels_changed` for each five hundred. Runs in the caller's unit of work,
    after all writes.

    The one place where whatever hangs on a level (alerts) is evaluated: settling comes by here, for sales as for
    everything else, and so does what changes only promises.
    """
    watch(levels=levels, at=at)
    watch_dishes(levels=levels, at=at)
    told = _levels(levels)
    for first in range(0, len(told), MOST):
        append(StockLevelsChanged(entity_id=new_id(), at=at, levels=told[first : first + MOST]))


def _levels(places: Collection[Place]) -> tuple[dict[str, Any], ...]:
    if not places:
        return ()
    asked = {
        "locations": [place.location_id for place in places],
        "variants": [place.variant_id for place in places],
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOW, asked)
        return tuple(
            {
                "variant_id": str(variant_id),
                "location_id": str(location_id),
                "on_hand": plain_quantity(on_hand),
                "reserved": plain_quantity(reserved),
                "in_transit": plain_quantity(in_transit),
                "available": plain_quantity(on_hand - reserved),
            }
            for variant_id, location_id, on_hand, reserved, in_transit in cursor.fetchall()
        )
