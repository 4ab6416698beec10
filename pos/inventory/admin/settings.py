"""How stock is kept, in the back office: rules of the house, of items, and what should be on the shelves."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fynlo.backoffice.columns import decimal, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ServiceAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from pos.inventory.forms.settings import StockHeadForm, StockItemForm, StockTargetForm
from pos.inventory.models import StockHead, StockItem, StockTarget
from pos.inventory.models.settings import POLICIES, TRACKING
from pos.inventory.services.settings import save_stock_item, save_stock_settings, save_stock_targets


@admin.register(StockHead, site=merchant_admin)
class StockHeadAdmin(ServiceAdmin):
    """The rules of the house: one record that is always there."""

    form = StockHeadForm
    fields = (
        ("cost_method", "default_policy"),
        ("over_receipt_percent", "count_variance_limit_minor"),
        ("expiry_alert_days", "dead_after_days", "default_lead_time_days"),
        "version",
    )
    list_display = (
        titled(lambda _head: "Stock", "Settings"),
        "cost_method",
        "default_policy",
        "over_receipt_percent",
        "expiry_alert_days",
        "dead_after_days",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one already."""
        del request
        return False

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Make the rules what is stated."""
        del obj, formsets
        save_stock_settings(draft=form.draft(), actor=actor, at=at, matches=form.matches)


class _ListedAgain(ServiceAdmin):
    """A table whose service gives new records their keys: after adding, the list shows them."""

    change_form_template = "backoffice/record.html"

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Back to the list."""
        del obj, post_url_continue
        self.message_user(request, "It is saved.", level="SUCCESS")
        return self.response_post_save_add(request, None)


@admin.register(StockItem, site=merchant_admin)
class StockItemAdmin(_ListedAgain):
    """Items whose stock is kept in a way of their own."""

    form = StockItemForm
    list_display = (
        titled(lambda row: row.item.name, "Item", "item__name"),
        titled(lambda row: row.policy or "default", "When there is not enough", "policy"),
        "tracking",
        "shelf_life_days",
        "stops_when_out",
    )
    list_filter = (
        one_of("policy", "when there is not enough", POLICIES),
        one_of("tracking", "tracking", TRACKING),
        "stops_when_out",
    )
    list_select_related = ("item",)
    search_fields = ("item__name", "item__variants__sku")
    search_help_text = "Item or SKU"
    ordering = ("item__name", "id")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        """The item is chosen once."""
        del request
        kept = (("policy", "tracking"), ("shelf_life_days", "stops_when_out"), "version")
        return (("item",) if obj else ("what",)) + kept

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The item, once it is chosen."""
        del request
        return ("item",) if obj else ()

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save how the item is kept."""
        del obj, formsets
        save_stock_item(item_id=form.item_id, draft=form.draft(), actor=actor, at=at, matches=form.matches)


@admin.register(StockTarget, site=merchant_admin)
class StockTargetAdmin(_ListedAgain):
    """What should be where."""

    form = StockTargetForm
    list_display = (
        titled(lambda row: row.variant.item.name, "Item", "variant__item__name"),
        "variant",
        "location",
        decimal("reorder_point", "Order at", unit="variant.item.unit"),
        decimal("par_level", "Fill up to", unit="variant.item.unit"),
        decimal("maximum", "At most", unit="variant.item.unit"),
        "lead_time_days",
    )
    list_filter = ("location",)
    list_select_related = ("variant__item", "location")
    search_fields = ("variant__sku", "variant__item__name")
    search_help_text = "Item or SKU"
    ordering = ("variant__item__name", "variant__position", "id")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        """Variant and location are chosen once."""
        del request
        kept = (("reorder_point", "par_level"), ("maximum", "safety_stock"), "lead_time_days")
        return (("variant", "location") if obj else ("what", "location")) + kept

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The place, once it is chosen."""
        del request
        return ("variant", "location") if obj else ()

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the target."""
        del obj, formsets
        save_stock_targets(drafts=[form.draft()], actor=actor, at=at)
