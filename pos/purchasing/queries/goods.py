"""Variants as buying needs them."""

from collections.abc import Collection
from uuid import UUID

from pos.catalog.models import Variant
from pos.inventory.models import StockHead
from pos.inventory.models.settings import UNTRACKED
from pos.purchasing.packs import Goods


def goods_by_id(*, ids: Collection[UUID]) -> dict[UUID, Goods]:
    """The variants of `ids` that exist, in two statements."""
    rows = Variant.objects.filter(pk__in=set(ids)).values_list(
        "pk",
        "sku",
        "name",
        "item__name",
        "item__unit",
        "item__units",
        "item__stock_item__tracking",
        "item__stock_item__shelf_life_days",
        "item__stock_item__policy",
    )
    default = StockHead.objects.values_list("default_policy", flat=True).first()
    return {
        key: Goods(
            id=key,
            sku=sku,
            name=f"{item}, {name}" if name else item,
            unit=unit,
            units=tuple(units),
            tracking=tracking or "none",
            shelf_life_days=shelf_life,
            has_stock=(policy or default) != UNTRACKED,
        )
        for key, sku, name, item, unit, units, tracking, shelf_life, policy in rows
    }
