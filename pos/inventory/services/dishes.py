"""Dishes of which an ingredient is gone are stopped ("86") by themselves, and go on when it is back.

Only where the item says so (`StockItem.stops_when_out`). A stop that a person made is never lifted here, and one
of ours that a person lifted is not made again before the ingredient was back (docs/concepts/recipes.md).
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import tenant_key
from pos.catalog.models import Stop
from pos.catalog.services.stops import StopDraft, lift, stop
from pos.inventory.models import DishOut
from pos.inventory.places import Place

OUT: Final = "Out of stock"
"""What a stop made here says. Stops of people have their key in `stopped_by`; these have nobody's."""

# What uses a variant that moved: by recipe, or itself when it is no dish made to order.
_DISHES: Final = """
SELECT DISTINCT dish.location_id, dish.variant_id
FROM (
    SELECT asked.location_id, need.owner_id AS variant_id
    FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[]) AS asked (location_id, variant_id)
    JOIN pos_recipeneed AS need ON need.ingredient_id = asked.variant_id AND need.until IS NULL
        AND need.effect = 'add'
    UNION ALL
    SELECT * FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[])
) AS dish
JOIN pos_variant AS variant ON variant.id = dish.variant_id
LEFT JOIN pos_stockitem AS kept ON kept.item_id = variant.item_id
WHERE kept.stops_when_out OR EXISTS (
    SELECT FROM pos_dishout AS known
    WHERE known.variant_id = dish.variant_id AND known.location_id = dish.location_id
)
ORDER BY dish.location_id, dish.variant_id
"""
# Two of whose ingredients move at once: the second transaction looks again when the first has committed. Sorted,
# and after all levels, so nobody waits in a circle.
_LOCK: Final = (
    "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS dish (name)"
)
# What was never there is not gone: nobody counts it.
_GONE: Final = """
SELECT dish.location_id, dish.variant_id, COALESCE(own.stops_when_out, false) AND EXISTS (
    SELECT FROM (
        SELECT ingredient_id FROM pos_recipeneed
        WHERE owner_id = dish.variant_id AND until IS NULL AND effect = 'add'
        UNION ALL
        SELECT dish.variant_id WHERE NOT EXISTS (
            SELECT FROM pos_recipeneed WHERE owner_id = dish.variant_id AND until IS NULL AND effect = 'add'
        )
    ) AS need
    JOIN pos_stocklevel AS level ON level.variant_id = need.ingredient_id AND level.location_id = dish.location_id
    JOIN pos_variant AS variant ON variant.id = need.ingredient_id
    CROSS JOIN pos_stockhead AS head
    LEFT JOIN pos_stockitem AS kept ON kept.item_id = variant.item_id
    WHERE level.on_hand <= level.reserved
        AND COALESCE(NULLIF(kept.policy, ''), head.default_policy) <> 'untracked'
)
FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[]) AS dish (location_id, variant_id)
JOIN pos_variant AS itself ON itself.id = dish.variant_id
LEFT JOIN pos_stockitem AS own ON own.item_id = itself.item_id
"""


def watch_dishes(*, levels: Collection[Place], at: dt.datetime) -> None:
    """Stop what is made of what is gone at these places, and let go on what is there again.

    One statement where no dish is concerned. Runs in the caller's unit of work, after all levels are written.
    """
    dishes = _places(_DISHES, levels) if levels else []
    if not dishes:
        return
    names = [tenant_key("dish", str(place.location_id), str(place.variant_id)) for place in dishes]
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [names])
    known = {
        Place(row.location_id, row.variant_id): row
        for row in DishOut.objects.filter(
            location_id__in={place.location_id for place in dishes},
            variant_id__in={place.variant_id for place in dishes},
        )
    }
    for place, is_gone in _gone(dishes):
        out = known.get(place)
        if is_gone and out is None:
            DishOut(
                location_id=place.location_id, variant_id=place.variant_id, stop_id=_stop(place, at), at=at
            ).save(force_insert=True)
        elif not is_gone and out is not None:
            _let_go(out.stop_id, at)
            out.delete()


def _stop(place: Place, at: dt.datetime) -> UUID | None:
    """Stop a dish; None where somebody has stopped it already, and that stop stays as it is."""
    there = Stop.objects.filter(variant_id=place.variant_id, location_id=place.location_id)
    if there.filter(Q(until=None) | Q(until__gt=at)).exists():
        return None
    draft = StopDraft(variant_id=place.variant_id, location_id=place.location_id, reason=OUT)
    return UUID(stop(draft=draft, actor=SYSTEM, at=at)["id"])


def _let_go(stop_id: UUID | None, at: dt.datetime) -> None:
    """Lift a stop if it is still ours: nobody lifted it, and nobody made it theirs."""
    if stop_id is None:
        return
    if Stop.objects.filter(pk=stop_id, stopped_by=None, reason=OUT).exists():
        lift(stop_id=stop_id, actor=SYSTEM, at=at)


def _gone(dishes: Sequence[Place]) -> list[tuple[Place, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(_GONE, _asked(dishes))
        return [(Place(location_id, variant_id), gone) for location_id, variant_id, gone in cursor.fetchall()]


def _places(statement: str, places: Collection[Place]) -> list[Place]:
    with connection.cursor() as cursor:
        cursor.execute(statement, _asked(places))
        return [Place(*row) for row in cursor.fetchall()]


def _asked(places: Collection[Place]) -> dict[str, Any]:
    return {
        "locations": [place.location_id for place in places],
        "variants": [place.variant_id for place in places],
    }
