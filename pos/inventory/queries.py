"""What is on hand, and how it came to be."""

from uuid import UUID

from django.db.models import QuerySet

from pos.inventory.models import StockLevel, StockMovement


def stock_levels(*, location_id: UUID | None = None, variant_id: UUID | None = None) -> QuerySet[StockLevel]:
    """What is on hand, with the variants' SKUs, for lists."""
    rows = StockLevel.objects.select_related("variant")
    return _narrow(rows, location_id=location_id, variant_id=variant_id)


def stock_movements(
    *, location_id: UUID | None = None, variant_id: UUID | None = None
) -> QuerySet[StockMovement]:
    """What came and went, with the variants' SKUs, for lists."""
    rows = StockMovement.objects.select_related("variant")
    return _narrow(rows, location_id=location_id, variant_id=variant_id)


def _narrow(rows: QuerySet, *, location_id: UUID | None, variant_id: UUID | None) -> QuerySet:
    if location_id is not None:
        rows = rows.filter(location_id=location_id)
    if variant_id is not None:
        rows = rows.filter(variant_id=variant_id)
    return rows
