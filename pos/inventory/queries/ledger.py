"""What is on hand, and how it came to be."""

from uuid import UUID

from django.db.models import QuerySet

from pos.inventory.models import StockLevel, StockMovement


def stock_levels(
    *, location_id: UUID | None = None, variant_id: UUID | None = None
) -> QuerySet[StockLevel, StockLevel]:
    """What is on hand, with the variants' SKUs, for lists."""
    wanted = _given(location_id=location_id, variant_id=variant_id)
    return StockLevel.objects.select_related("variant").filter(**wanted)


def stock_movements(
    *, location_id: UUID | None = None, variant_id: UUID | None = None, order_id: UUID | None = None
) -> QuerySet[StockMovement, StockMovement]:
    """What came and went, with the variants' SKUs, for lists."""
    wanted = _given(location_id=location_id, variant_id=variant_id, order_id=order_id)
    return StockMovement.objects.select_related("variant").filter(**wanted)


def _given(**keys: UUID | None) -> dict[str, UUID]:
    return {name: key for name, key in keys.items() if key is not None}
