"""The audit: is every level what its movements add up to? It says so loudly where one is not, and changes nothing.

What is on the shelf is corrected by movements only: a count says how many there are. A level that differs from the
sum of its movements is something else, a projection gone wrong; no movement could mend it, since each is added to
both. It is made anew from its rows by `repair`, which a person has to ask for, after it was found out why.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import structlog
from django.db import connection

from fynlo.core.ids import new_id
from fynlo.events.log import append, unit_of_work
from fynlo.observability import metrics
from pos.events import StockLevelsDiffered
from pos.inventory.places import Place
from pos.inventory.quantities import plain_cost
from pos.inventory.queries.audit import SUMS, Difference, differences
from pos.inventory.services.levels_told import tell_levels
from pos.inventory.services.stock_books import check_stock_books

TOLD: Final = 100
"""Differences named in the log and the feed; the count says how many there are."""

_LOCK: Final = """
SELECT level.id FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[]) AS asked (location_id, variant_id)
JOIN pos_stocklevel AS level ON level.variant_id = asked.variant_id AND level.location_id = asked.location_id
ORDER BY level.location_id, level.variant_id FOR NO KEY UPDATE OF level
"""
_ANEW: Final = f"""
WITH {SUMS}
INSERT INTO pos_stocklevel AS level
    (id, variant_id, location_id, on_hand, value_minor, reserved, in_transit)
SELECT asked.id, asked.variant_id, asked.location_id, COALESCE(total.on_hand, 0),
    COALESCE(total.value_minor, 0), COALESCE(total.reserved, 0), COALESCE(total.in_transit, 0)
FROM unnest(%(ids)s::uuid[], %(locations)s::uuid[], %(variants)s::uuid[]) AS asked (id, location_id, variant_id)
LEFT JOIN total ON total.variant_id = asked.variant_id AND total.location_id = asked.location_id
ORDER BY asked.location_id, asked.variant_id
ON CONFLICT (variant_id, location_id) DO UPDATE SET on_hand = EXCLUDED.on_hand,
    value_minor = EXCLUDED.value_minor, reserved = EXCLUDED.reserved, in_transit = EXCLUDED.in_transit
"""  # noqa: S608  constants of the house

log = structlog.get_logger("pos.inventory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What an audit found."""

    differences: tuple[Difference, ...]


def audit(*, at: dt.datetime) -> Audited:
    """Compare all levels of the merchant with their rows, and the books with the levels.

    Differences go to the log; those of levels to a metric and the feed as well.
    """
    check_stock_books(at=at)
    found = differences()
    metrics.stock_differences(found=len(found))
    if not found:
        log.info("stock_audited", count=0)
        return Audited(differences=())
    named = tuple(_told(each) for each in found[:TOLD])
    log.error(
        "stock_levels_differ", count=len(found), items=[" ".join(map(str, each.values())) for each in named]
    )
    with unit_of_work():
        append(StockLevelsDiffered(entity_id=new_id(), at=at, difference_count=len(found), differences=named))
    return Audited(differences=tuple(found))


def repair(*, places: tuple[Place, ...], at: dt.datetime) -> None:
    """Make the levels of `places` anew from what they stand for, and tell the feed what they are then.

    Their rows are locked first, so no sale moves them between the sum and the writing.
    """
    columns = {
        "locations": [place.location_id for place in sorted(places)],
        "variants": [place.variant_id for place in sorted(places)],
        "ids": [new_id() for _ in places],
    }
    with unit_of_work():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, columns)
            cursor.execute(_ANEW, columns)
        log.warning("stock_levels_made_anew", count=len(places))
        tell_levels(levels=sorted(places), at=at)


def _told(difference: Difference) -> dict[str, str | None]:
    return {
        "location_id": str(difference.place.location_id),
        "variant_id": str(difference.place.variant_id),
        "figure": difference.figure,
        "level": None if difference.level is None else plain_cost(difference.level),
        "total": plain_cost(difference.total),
    }
