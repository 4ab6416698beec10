"""Batches that were made: for lists and documents."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from fynlo.core.clock import rfc3339
from pos.inventory.models import StockLot, StockMovement, StockProduction
from pos.inventory.quantities import plain_quantity, unit_cost
from pos.inventory.queries.adjustments import worth_of
from pos.inventory.queries.recipes import goods_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionFilter:
    """Which batches: of what, where, on which business days (both included), with what in it, taken back or not."""

    variant_id: UUID | None = None
    location_id: UUID | None = None
    uses: UUID | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    is_reverted: bool | None = None


def productions_made(*, wanted: ProductionFilter | None = None) -> QuerySet[StockProduction, StockProduction]:
    """Batches, for lists."""
    wanted = wanted or ProductionFilter()
    conditions = Q()
    if wanted.variant_id is not None:
        conditions &= Q(variant_id=wanted.variant_id)
    if wanted.location_id is not None:
        conditions &= Q(location_id=wanted.location_id)
    if wanted.first_day is not None:
        conditions &= Q(business_date__gte=wanted.first_day)
    if wanted.last_day is not None:
        conditions &= Q(business_date__lte=wanted.last_day)
    if wanted.is_reverted is not None:
        conditions &= Q(revert_id__isnull=not wanted.is_reverted)
    if wanted.uses is not None:
        went = StockMovement.objects.filter(
            variant_id=wanted.uses, kind=StockMovement.PRODUCTION, quantity__lt=0, document_id__isnull=False
        )
        conditions &= Q(pk__in=went.values("document_id"))
    return StockProduction.objects.select_related("variant__item").filter(conditions)


def production_document(production: StockProduction) -> dict[str, Any]:
    """A batch with what went into it and what that was worth, as the API and the feed tell it."""
    moved = list(
        StockMovement.objects.filter(
            document_id=production.pk, kind=StockMovement.PRODUCTION, original__isnull=True
        )
        .select_related("variant__item")
        .order_by("id")
    )
    went = [row for row in moved if row.quantity < 0]
    worth = worth_of([row.pk for row in moved])
    lots = _lots({row.lot_id for row in moved})
    value = -sum((worth[row.pk] for row in went), Decimal(0))
    return production_head(production) | {
        "lot": lots[production.lot_id].code if production.lot_id in lots else None,
        "expires_on": _day(lots.get(production.lot_id)),
        "value_minor": plain_quantity(value),
        "unit_cost_minor": plain_quantity(unit_cost(value, production.quantity)),
        "ingredients": _ingredients(went, worth, lots),
    }


def production_head(production: StockProduction) -> dict[str, Any]:
    """A batch as lists tell it."""
    return {
        "id": str(production.id),
        "variant_id": str(production.variant_id),
        "sku": production.variant.sku,
        "name": goods_name(production.variant),
        "location_id": str(production.location_id),
        "quantity": plain_quantity(production.quantity),
        "unit": production.variant.item.unit,
        "recipe_revision": production.recipe_revision,
        "note": production.note,
        "at": rfc3339(production.at),
        "business_date": production.business_date.isoformat(),
        "by": production.made_by,
        "reverted_at": None if production.reverted_at is None else rfc3339(production.reverted_at),
        "reverted_by": production.reverted_by or None,
    }


def _ingredients(
    went: Sequence[StockMovement], worth: Mapping[UUID, Decimal], lots: Mapping[UUID | None, StockLot]
) -> list[dict[str, Any]]:
    return [
        {
            "variant_id": str(row.variant_id),
            "sku": row.variant.sku,
            "name": goods_name(row.variant),
            "quantity": plain_quantity(-row.quantity),
            "unit": row.variant.item.unit,
            "lot": lots[row.lot_id].code if row.lot_id in lots else None,
            "value_minor": plain_quantity(-worth[row.pk]),
        }
        for row in went
    ]


def _lots(keys: Collection[UUID | None]) -> Mapping[UUID | None, StockLot]:
    known = [key for key in keys if key is not None]
    return {row.pk: row for row in StockLot.objects.filter(pk__in=known)} if known else {}


def _day(lot: StockLot | None) -> str | None:
    return None if lot is None or lot.expires_on is None else lot.expires_on.isoformat()
