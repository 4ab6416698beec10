"""What was thrown away, by whom and why: lists, documents, and the sums by reason."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from fynlo.core.clock import rfc3339
from pos.inventory.models import StockMovement, StockWaste, WasteReason
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.adjustments import worth_of
from pos.inventory.queries.recipes import goods_name
from pos.inventory.waste_reasons import USUAL

_BY_REASON: Final = """
SELECT waste.reason_code, moved.variant_id, variant.sku, item.name, variant.name, item.unit,
    count(DISTINCT waste.id), -sum(moved.quantity), -sum(moved.value_minor + COALESCE(later.value_minor, 0))
FROM pos_stockwaste AS waste
JOIN pos_stockmovement AS moved ON moved.document_id = waste.id AND moved.kind = 'waste'
JOIN pos_variant AS variant ON variant.id = moved.variant_id
JOIN pos_item AS item ON item.id = variant.item_id
LEFT JOIN LATERAL (
    SELECT sum(value_minor) AS value_minor FROM pos_stockmovement
    WHERE original_id = moved.id AND kind = 'revaluation'
) AS later ON true
WHERE waste.business_date BETWEEN %(first)s AND %(last)s
    AND (%(location)s::uuid IS NULL OR waste.location_id = %(location)s)
GROUP BY waste.reason_code, moved.variant_id, variant.sku, item.name, variant.name, item.unit
HAVING sum(moved.quantity) <> 0
ORDER BY waste.reason_code, -sum(moved.value_minor + COALESCE(later.value_minor, 0)) DESC, moved.variant_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something is thrown away."""

    code: str
    name: str
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WasteFilter:
    """Which waste: where, of what (a dish or an ingredient), why, on which business days (both included)."""

    location_id: UUID | None = None
    variant_id: UUID | None = None
    reason_code: str | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WasteSum:
    """What was thrown away of one variant for one reason, less what was taken back; `count` times."""

    reason_code: str
    variant_id: UUID
    sku: str
    name: str
    unit: str
    count: int
    quantity: Decimal
    value_minor: Decimal


def waste_reasons() -> list[Reason]:
    """The merchant's list, or the usual one until there is one."""
    own = [
        Reason(code=row.code, name=row.name, is_active=row.is_active)
        for row in WasteReason.objects.order_by("position", "code")
    ]
    return own or [Reason(code=code, name=name) for code, name in USUAL]


def wasted(*, wanted: WasteFilter | None = None) -> QuerySet[StockWaste, StockWaste]:
    """What was thrown away, for lists."""
    wanted = wanted or WasteFilter()
    conditions = Q()
    if wanted.location_id is not None:
        conditions &= Q(location_id=wanted.location_id)
    if wanted.variant_id is not None:
        moved = StockMovement.objects.filter(variant_id=wanted.variant_id, kind=StockMovement.WASTE)
        conditions &= Q(variant_id=wanted.variant_id) | Q(pk__in=moved.values("document_id"))
    if wanted.reason_code is not None:
        conditions &= Q(reason_code=wanted.reason_code)
    if wanted.first_day is not None:
        conditions &= Q(business_date__gte=wanted.first_day)
    if wanted.last_day is not None:
        conditions &= Q(business_date__lte=wanted.last_day)
    return StockWaste.objects.select_related("variant__item").filter(conditions)


def waste_by_reason(*, first: dt.date, last: dt.date, location_id: UUID | None = None) -> list[WasteSum]:
    """What was thrown away on these business days, by reason and variant, the dearest first; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_REASON, {"first": first, "last": last, "location": location_id})
        rows = cursor.fetchall()
    return [
        WasteSum(
            reason_code=reason,
            variant_id=variant_id,
            sku=sku,
            name=f"{item}, {variant}" if variant else item,
            unit=unit,
            count=count,
            quantity=quantity,
            value_minor=value,
        )
        for reason, variant_id, sku, item, variant, unit, count, quantity, value in rows
    ]


def waste_document(waste: StockWaste) -> dict[str, Any]:
    """Waste with what left stock for it, as the API and the feed tell it."""
    moved = list(
        StockMovement.objects.filter(document_id=waste.pk, kind=StockMovement.WASTE)
        .select_related("variant__item")
        .order_by("id")
    )
    went = [row for row in moved if row.original_id is None]
    back = [row for row in moved if row.original_id is not None]
    worth = worth_of([row.pk for row in went])
    return waste_head(waste) | {
        "value_minor": plain_quantity(-sum(worth.values(), Decimal(0))),
        "goods": _goods(went, worth),
        "reverted_at": rfc3339(back[0].at) if back else None,
    }


def waste_head(waste: StockWaste) -> dict[str, Any]:
    """Waste as lists tell it."""
    return {
        "id": str(waste.id),
        "location_id": str(waste.location_id),
        "variant_id": str(waste.variant_id),
        "sku": waste.variant.sku,
        "name": goods_name(waste.variant),
        "quantity": plain_quantity(waste.quantity),
        "unit": waste.unit,
        "reason_code": waste.reason_code,
        "note": waste.note,
        "by_recipe": waste.by_recipe,
        "employee_id": None if waste.employee_id is None else str(waste.employee_id),
        "at": rfc3339(waste.at),
        "business_date": waste.business_date.isoformat(),
    }


def _goods(went: Sequence[StockMovement], worth: dict[UUID, Decimal]) -> list[dict[str, Any]]:
    return [
        {
            "variant_id": str(row.variant_id),
            "sku": row.variant.sku,
            "name": goods_name(row.variant),
            "quantity": plain_quantity(-row.quantity),
            "unit": row.variant.item.unit,
            "lot_id": None if row.lot_id is None else str(row.lot_id),
            "value_minor": plain_quantity(-worth[row.pk]),
        }
        for row in went
    ]
