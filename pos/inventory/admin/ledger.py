"""Stock in the back office, to read: what is on hand, and every movement."""

from typing import Any

from django.contrib import admin

from fynlo.backoffice.columns import decimal, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import merchant_admin
from pos.inventory.models import StockLevel, StockMovement


def _goods(row: Any) -> str:
    name = row.variant.name
    return f"{row.variant.item.name}, {name}" if name else row.variant.item.name


@admin.register(StockLevel, site=merchant_admin)
class StockLevelAdmin(ReadOnlyAdmin):
    """What is on hand of each variant that ever moved."""

    list_display = (
        titled(_goods, "Item", "variant__item__name"),
        "variant",
        "location",
        decimal("on_hand", "On hand", unit="variant.item.unit"),
    )
    list_display_links = None
    list_filter = ("location",)
    list_select_related = ("variant__item", "location")
    search_fields = ("variant__sku", "variant__item__name")
    search_help_text = "Item or SKU"
    ordering = ("variant__item__name", "variant__position", "id")


@admin.register(StockMovement, site=merchant_admin)
class StockMovementAdmin(ReadOnlyAdmin):
    """What came and went, with its cause."""

    list_display = (
        "at",
        "kind",
        titled(_goods, "Item", "variant__item__name"),
        "variant",
        "location",
        decimal("quantity", "Quantity", unit="variant.item.unit"),
        "order_id",
    )
    list_display_links = None
    list_filter = (one_of("kind", "kind", StockMovement.KINDS), "location")
    list_select_related = ("variant__item", "location")
    search_fields = ("variant__sku", "variant__item__name")
    search_help_text = "Item or SKU"
    date_hierarchy = "business_date"
    ordering = ("-at", "-id")
