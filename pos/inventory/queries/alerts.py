"""What is the matter with stock, beside what is told of it already; and the alerts, for lists."""

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from fynlo.core.clock import rfc3339
from pos.inventory.models import StockAlert
from pos.inventory.places import Place
from pos.inventory.queries.ledger import with_children

# Levels, targets of what never came, and what was told of either.
_EVERY: Final = """
    SELECT location_id, variant_id FROM pos_stocklevel UNION SELECT location_id, variant_id FROM pos_stocktarget
    UNION SELECT location_id, variant_id FROM pos_stockalert WHERE cleared_at IS NULL
"""
_ASKED: Final = """
    SELECT * FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[]) AS asked (location_id, variant_id)
"""
# A trading day begins at the location's cut-off, on its own clock.
_MATTERS: Final = """
), place AS (
    SELECT asked.location_id, asked.variant_id, level.on_hand, level.id IS NOT NULL AS has_moved,
        COALESCE(level.on_hand - level.reserved, 0) AS available, target.reorder_point, target.maximum,
        head.expiry_alert_days, head.dead_after_days, item.is_active AND variant.is_active AS is_sold,
        ((%(at)s::timestamptz AT TIME ZONE location.time_zone) - location.cut_off)::date AS today,
        ((level.moved_at AT TIME ZONE location.time_zone) - location.cut_off)::date AS moved_on
    FROM asked
    JOIN pos_location AS location ON location.id = asked.location_id
    JOIN pos_variant AS variant ON variant.id = asked.variant_id
    JOIN pos_item AS item ON item.id = variant.item_id
    CROSS JOIN pos_stockhead AS head
    LEFT JOIN pos_stockitem AS kept ON kept.item_id = item.id
    LEFT JOIN pos_stocklevel AS level
        ON level.variant_id = asked.variant_id AND level.location_id = asked.location_id
    LEFT JOIN pos_stocktarget AS target
        ON target.variant_id = asked.variant_id AND target.location_id = asked.location_id
    WHERE COALESCE(NULLIF(kept.policy, ''), head.default_policy) <> 'untracked'
), matter AS (
    SELECT location_id, variant_id, 'low' AS kind, NULL::uuid AS lot_id, '' AS lot, jsonb_build_object(
        'available', trim_scale(available)::text, 'reorder_point', trim_scale(reorder_point)::text) AS data
    FROM place WHERE is_sold AND available <= reorder_point
    UNION ALL
    SELECT location_id, variant_id, 'out', NULL, '', jsonb_build_object(
        'on_hand', trim_scale(on_hand)::text, 'available', trim_scale(available)::text)
    FROM place WHERE is_sold AND has_moved AND available <= 0
    UNION ALL
    SELECT location_id, variant_id, 'over', NULL, '', jsonb_build_object(
        'on_hand', trim_scale(on_hand)::text, 'maximum', trim_scale(maximum)::text)
    FROM place WHERE on_hand > maximum
    UNION ALL
    SELECT place.location_id, place.variant_id, 'expiring', lot.id, lot.code, jsonb_build_object(
        'on_hand', trim_scale(held.on_hand)::text, 'expires_on', lot.expires_on::text,
        'days_left', lot.expires_on - place.today)
    FROM place
    JOIN pos_stocklotlevel AS held ON held.variant_id = place.variant_id
        AND held.location_id = place.location_id AND held.on_hand > 0
    JOIN pos_stocklot AS lot ON lot.id = held.lot_id
    WHERE lot.expires_on <= place.today + place.expiry_alert_days
    UNION ALL
    SELECT location_id, variant_id, 'dead', NULL, '', jsonb_build_object(
        'on_hand', trim_scale(on_hand)::text, 'moved_on', moved_on::text)
    FROM place WHERE on_hand > 0 AND moved_on <= today - dead_after_days
)
SELECT NULL::uuid AS alert_id, matter.location_id, matter.variant_id, matter.kind, matter.lot_id, matter.lot,
    matter.data, NULL::timestamptz
FROM matter
WHERE NOT EXISTS (SELECT FROM pos_stockalert AS alert WHERE alert.cleared_at IS NULL
    AND alert.variant_id = matter.variant_id AND alert.location_id = matter.location_id
    AND alert.kind = matter.kind AND alert.lot_id IS NOT DISTINCT FROM matter.lot_id)
UNION ALL
SELECT alert.id, alert.location_id, alert.variant_id, alert.kind, alert.lot_id, COALESCE(lot.code, ''),
    alert.data, alert.raised_at
FROM pos_stockalert AS alert
JOIN asked ON asked.variant_id = alert.variant_id AND asked.location_id = alert.location_id
LEFT JOIN pos_stocklot AS lot ON lot.id = alert.lot_id
WHERE alert.cleared_at IS NULL AND NOT EXISTS (SELECT FROM matter
    WHERE alert.variant_id = matter.variant_id AND alert.location_id = matter.location_id
    AND alert.kind = matter.kind AND alert.lot_id IS NOT DISTINCT FROM matter.lot_id)
ORDER BY location_id, variant_id, kind, lot_id
"""
# Goes before the question, in the same round trip: what it sees stays so until COMMIT.
_LOCK: Final = """
SELECT FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[]) AS asked (location_id, variant_id)
JOIN pos_stocklevel AS level ON level.variant_id = asked.variant_id AND level.location_id = asked.location_id
ORDER BY level.location_id, level.variant_id FOR NO KEY UPDATE OF level;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something that is to be raised (`alert_id` None), or an open alert that is to be cleared."""

    alert_id: UUID | None
    place: Place
    kind: str
    lot_id: UUID | None
    lot: str
    data: dict[str, Any]
    raised_at: dt.datetime | None


def matters_of(*, places: Collection[Place], at: dt.datetime) -> list[Matter]:
    """What of `places` is to be raised or cleared at `at`; their levels are locked until the transaction ends."""
    if not places:
        return []
    chosen = sorted(places)
    asked = {
        "at": at,
        "locations": [place.location_id for place in chosen],
        "variants": [place.variant_id for place in chosen],
    }
    return _matters(f"{_LOCK}WITH asked AS ({_ASKED}{_MATTERS}", asked)


def places_that_matter(*, at: dt.datetime) -> list[Place]:
    """Every place where something is to be raised or cleared at `at`, in the order of locks; nothing is locked."""
    found = _matters(f"WITH asked AS ({_EVERY}{_MATTERS}", {"at": at})
    return sorted({matter.place for matter in found})


def _matters(statement: str, asked: dict[str, Any]) -> list[Matter]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return [
            Matter(
                alert_id=key,
                place=Place(location_id, variant_id),
                kind=kind,
                lot_id=lot_id,
                lot=lot,
                data=json.loads(data),
                raised_at=raised_at,
            )
            for key, location_id, variant_id, kind, lot_id, lot, data, raised_at in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFilter:
    """What is asked for; None is anything."""

    kind: str | None = None
    location_id: UUID | None = None
    variant_id: UUID | None = None
    category_id: UUID | None = None
    is_open: bool | None = None


def stock_alerts(*, wanted: AlertFilter) -> QuerySet[StockAlert, StockAlert]:
    """Alerts with the variants' SKUs and the lots' codes, for lists."""
    rows = StockAlert.objects.select_related("variant__item", "lot")
    asked = {"kind": wanted.kind, "location_id": wanted.location_id, "variant_id": wanted.variant_id}
    rows = rows.filter(**{name: value for name, value in asked.items() if value is not None})
    if wanted.category_id is not None:
        rows = rows.filter(variant__item__category_id__in=with_children(category_id=wanted.category_id))
    if wanted.is_open is not None:
        rows = rows.filter(cleared_at__isnull=wanted.is_open)
    return rows


def alert_document(
    *,
    alert_id: UUID,
    matter: Matter,
    raised_at: dt.datetime,
    cleared_at: dt.datetime | None,
) -> dict[str, Any]:
    """An alert as the feed tells it."""
    return {
        "id": str(alert_id),
        "kind": matter.kind,
        "variant_id": str(matter.place.variant_id),
        "location_id": str(matter.place.location_id),
        "lot_id": None if matter.lot_id is None else str(matter.lot_id),
        "lot": matter.lot,
        "raised_at": rfc3339(raised_at),
        "cleared_at": None if cleared_at is None else rfc3339(cleared_at),
        "data": matter.data,
    }
