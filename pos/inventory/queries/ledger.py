"""What is on hand, and how it came to be."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from pos.catalog.models import Category
from pos.inventory.models import StockLevel, StockMovement, StockTarget

STATES: Final = ("in", "out", "negative", "low", "over", "reserved", "in_transit")
"""What a shopkeeper asks of a level: something there, nothing to sell, below zero, at or below the reorder point,
above the maximum, promised to somebody, on its way here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFilter:
    """What is asked for; None and "" are anything. `text` is looked for in names and SKUs."""

    location_id: UUID | None = None
    variant_id: UUID | None = None
    category_id: UUID | None = None
    state: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementFilter:
    """What is asked for; None is anything. Business days are `[since, until)`."""

    location_id: UUID | None = None
    variant_id: UUID | None = None
    order_id: UUID | None = None
    order_line_id: UUID | None = None
    document_id: UUID | None = None
    lot_id: UUID | None = None
    employee_id: UUID | None = None
    kind: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None


def stock_levels(*, wanted: LevelFilter) -> QuerySet[StockLevel, StockLevel]:
    """What is on hand, with the variants' SKUs, for lists."""
    rows = StockLevel.objects.select_related("variant__item")
    rows = rows.filter(**_given(location_id=wanted.location_id, variant_id=wanted.variant_id))
    if wanted.category_id is not None:
        rows = rows.filter(variant__item__category_id__in=with_children(category_id=wanted.category_id))
    if wanted.text:
        rows = rows.filter(
            Q(variant__item__name__icontains=wanted.text) | Q(variant__sku__icontains=wanted.text)
        )
    return in_state(rows, wanted.state) if wanted.state else rows


def stock_movements(*, wanted: MovementFilter) -> QuerySet[StockMovement, StockMovement]:
    """What came and went, with the variants' SKUs, for lists."""
    rows = StockMovement.objects.select_related("variant")
    return rows.filter(
        **_given(
            location_id=wanted.location_id,
            variant_id=wanted.variant_id,
            order_id=wanted.order_id,
            order_line_id=wanted.order_line_id,
            document_id=wanted.document_id,
            lot_id=wanted.lot_id,
            employee_id=wanted.employee_id,
            kind=wanted.kind,
            business_date__gte=wanted.since,
            business_date__lt=wanted.until,
        )
    )


def in_state(rows: QuerySet[Any, Any], state: str) -> QuerySet[Any, Any]:
    """The levels of `rows` that are in one of `STATES`."""
    available = F("on_hand") - F("reserved")
    targets = StockTarget.objects.filter(variant=OuterRef("variant"), location=OuterRef("location"))
    conditions: Mapping[str, Q | Exists] = {
        "in": Q(on_hand__gt=F("reserved")),
        "out": Q(on_hand__lte=F("reserved")),
        "negative": Q(on_hand__lt=0),
        "low": Exists(targets.filter(reorder_point__gte=OuterRef("free"))),
        "over": Exists(targets.filter(maximum__lt=OuterRef("on_hand"))),
        "reserved": Q(reserved__gt=0),
        "in_transit": Q(in_transit__gt=0),
    }
    found: QuerySet[Any, Any] = rows.annotate(free=available).filter(conditions[state])
    return found


def with_children(*, category_id: UUID) -> list[UUID]:
    """The category and everything below it, in one statement."""
    parents: dict[UUID | None, list[UUID]] = {}
    for key, parent in Category.objects.order_by("pk").values_list("pk", "parent_id"):
        parents.setdefault(parent, []).append(key)
    found = [category_id]
    for key in found:
        found += parents.get(key, [])
    return found


def _given(**keys: Any) -> dict[str, Any]:
    return {name: key for name, key in keys.items() if key is not None}
