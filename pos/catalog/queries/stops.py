"""What is not to be had: the stops in force, for lists and for sales."""

import datetime as dt
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from fynlo.core.clock import rfc3339
from pos.catalog.models import Stop

_STOPPED: Final = """
SELECT DISTINCT variant.id FROM pos_variant AS variant
JOIN pos_stop AS stop ON stop.variant_id = variant.id OR stop.item_id = variant.item_id
WHERE variant.id = ANY(%(variants)s) AND stop.at <= %(at)s AND (stop.until IS NULL OR stop.until > %(at)s)
    AND (stop.location_id IS NULL OR stop.location_id = %(location)s)
"""
_MISSING: Final = """
SELECT
    %(item)s::uuid IS NOT NULL AND NOT EXISTS (SELECT FROM pos_item WHERE id = %(item)s),
    %(variant)s::uuid IS NOT NULL AND NOT EXISTS (SELECT FROM pos_variant WHERE id = %(variant)s),
    %(location)s::uuid IS NOT NULL AND NOT EXISTS (SELECT FROM pos_location WHERE id = %(location)s)
"""


def stops(*, at: dt.datetime, location_id: UUID | None = None) -> QuerySet[Stop]:
    """The stops in force at `at`; with a location, those of it and those that hold everywhere."""
    found = Stop.objects.filter(Q(until=None) | Q(until__gt=at))
    return found if location_id is None else found.filter(Q(location=None) | Q(location=location_id))


def stopped_variants(
    *, variant_ids: Collection[UUID], location_id: UUID | None, at: dt.datetime
) -> frozenset[UUID]:
    """Those of the variants that are stopped at a location, by themselves or with their item. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STOPPED, {"variants": list(variant_ids), "location": location_id, "at": at})
        return frozenset(row[0] for row in cursor.fetchall())


def missing_targets(*, item_id: UUID | None, variant_id: UUID | None, location_id: UUID | None) -> list[str]:
    """The names of those arguments that are given and name nothing here. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"item": item_id, "variant": variant_id, "location": location_id})
        flags = cursor.fetchone()
    names = ("item_id", "variant_id", "location_id")
    return [name for name, is_missing in zip(names, flags, strict=True) if is_missing]


def stop_document(stop: Stop) -> dict[str, Any]:
    """A stop as the API and the feed tell it."""
    return {
        "id": str(stop.id),
        "item_id": _text(stop.item_id),
        "variant_id": _text(stop.variant_id),
        "location_id": _text(stop.location_id),
        "reason": stop.reason,
        "until": None if stop.until is None else rfc3339(stop.until),
        "at": rfc3339(stop.at),
        "stopped_by": _text(stop.stopped_by),
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
