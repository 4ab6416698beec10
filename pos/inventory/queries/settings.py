"""How stock is kept: the rules of the house, of items, and what should be on the shelves."""

from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from pos.catalog.models import Item
from pos.inventory.models import StockHead, StockLevel, StockTarget
from pos.inventory.quantities import plain_quantity

_TARGETS = ("reorder_point", "par_level", "maximum", "safety_stock")


def stock_settings() -> StockHead:
    """The rules of the house."""
    head: StockHead = StockHead.objects.get()
    return head


def stock_items(
    *,
    policy: str | None = None,
    tracking: str | None = None,
    category_id: UUID | None = None,
    text: str | None = None,
) -> QuerySet[Item, Item]:
    """All items with how their stock is kept, one statement. `policy` is the one in force, own or the default."""
    default = Subquery(StockHead.objects.values("default_policy")[:1])
    found = Item.objects.select_related("stock_item").annotate(default_policy=default)
    if policy is not None:
        by_default = Q(default_policy=policy) & (Q(stock_item=None) | Q(stock_item__policy=""))
        found = found.filter(Q(stock_item__policy=policy) | by_default)
    if tracking == "none":
        found = found.filter(Q(stock_item=None) | Q(stock_item__tracking="none"))
    elif tracking is not None:
        found = found.filter(stock_item__tracking=tracking)
    if category_id is not None:
        found = found.filter(category_id=category_id)
    if text:
        found = found.filter(name__icontains=text)
    return found


def stock_targets(
    *, location_id: UUID | None = None, variant_id: UUID | None = None, is_low: bool | None = None
) -> QuerySet[StockTarget, StockTarget]:
    """What should be where, with what is there. `is_low`: whether no more is available than the reorder point."""
    level = StockLevel.objects.filter(variant=OuterRef("variant"), location=OuterRef("location"))
    found = StockTarget.objects.select_related("variant").annotate(
        available_now=Subquery(level.values_list(F("on_hand") - F("reserved"))[:1])
    )
    given = {"location_id": location_id, "variant_id": variant_id}
    found = found.filter(**{name: key for name, key in given.items() if key is not None})
    if is_low is None:
        return found
    # What never moved is not there either.
    low = Q(reorder_point__isnull=False) & (
        Q(available_now__lte=F("reorder_point")) | Q(available_now__isnull=True)
    )
    return found.filter(low) if is_low else found.exclude(low)


def settings_document(head: StockHead) -> dict[str, Any]:
    """The rules of the house as the API tells them."""
    return {
        "cost_method": head.cost_method,
        "default_policy": head.default_policy,
        "over_receipt_percent": plain_quantity(head.over_receipt_percent),
        "count_variance_limit_minor": head.count_variance_limit_minor,
        "expiry_alert_days": head.expiry_alert_days,
        "dead_after_days": head.dead_after_days,
        "default_lead_time_days": head.default_lead_time_days,
    }


def item_document(item: Item) -> dict[str, Any]:
    """An item of `stock_items` as the API tells it."""
    own = getattr(item, "stock_item", None)
    policy = own.policy if own else ""
    return {
        "id": str(item.pk),
        "item_id": str(item.pk),
        "name": item.name,
        "category_id": str(item.category_id),
        "unit": item.unit,
        "policy": policy or None,
        "policy_in_force": policy or item.default_policy,  # type: ignore[attr-defined]
        "tracking": own.tracking if own else "none",
        "shelf_life_days": own.shelf_life_days if own else None,
        "stops_when_out": own.stops_when_out if own else False,
    }


def target_document(row: StockTarget) -> dict[str, Any]:
    """A target as the API tells it."""
    quantities = {name: getattr(row, name) for name in _TARGETS}
    return {
        "id": str(row.pk),
        "variant_id": str(row.variant_id),
        "location_id": str(row.location_id),
        "sku": row.variant.sku,
        **{name: None if value is None else plain_quantity(value) for name, value in quantities.items()},
        "lead_time_days": row.lead_time_days,
    }
