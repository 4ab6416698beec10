"""Stock in the back office, to read: what is on hand, and every movement."""

from typing import Any, Final

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.columns import decimal, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.inventory.models import StockCountResult, StockLevel, StockMovement
from pos.inventory.quantities import plain_quantity, whole_minor
from pos.inventory.queries.ledger import STATES, in_state
from pos.inventory.services.adjustments import MOVE, revert_adjustment
from staff.employees.models import Employee

_PAPERS: Final = {
    StockMovement.COUNT: "stockcount",
    StockMovement.TRANSFER_OUT: "stocktransfer",
    StockMovement.TRANSFER_IN: "stocktransfer",
    StockMovement.PRODUCTION: "stockproduction",
    StockMovement.PURCHASE: "goodsreceipt",
    StockMovement.PURCHASE_RETURN: "supplierreturn",
}
_WORDS: Final = {
    "order": "sale",
    "stockcount": "count",
    "stocktransfer": "transfer",
    "stockproduction": "batch",
    "goodsreceipt": "delivery",
    "supplierreturn": "return to supplier",
}


class StateFilter(SimpleListFilter):
    """What a shopkeeper asks of a level."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The states by their names."""
        del request, model_admin
        return [(state, state.replace("_", " ")) for state in STATES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """Levels in the chosen state."""
        del request
        chosen = self.value()
        if chosen is None:
            return None
        return in_state(queryset, chosen) if chosen in STATES else queryset.none()


def _goods(row: Any) -> str:
    name = row.variant.name
    return f"{row.variant.item.name}, {name}" if name else row.variant.item.name


def _card(row: Any) -> str:
    url = reverse("admin:pos_stock_card", args=[row.variant_id], current_app=merchant_admin.name)
    return format_html('<a href="{}?location={}">{}</a>', url, row.location_id, _goods(row))


def _available(row: Any) -> str:
    return plain_quantity(row.on_hand - row.reserved)


def _cause(row: Any) -> str:
    """The sale or the document that it belongs to, by its page where it has one of its own."""
    page, key = ("order", row.order_id) if row.order_id else (_PAPERS.get(row.kind), row.document_id)
    if page is None or key is None or (row.original_id is not None and page == "stockproduction"):
        return "" if key is None else f"document {key}"
    url = reverse(f"admin:pos_{page}_change", args=[key], current_app=merchant_admin.name)
    return format_html('<a href="{}">{}</a>', url, _WORDS.get(page, page))


def _who(row: Any) -> str:
    return row.employee_name or ""


def _value(row: Any) -> str:
    return format_money(Money(whole_minor(row.value_minor), current_tenant().currency))


@admin.register(StockLevel, site=merchant_admin)
class StockLevelAdmin(ReadOnlyAdmin):
    """What is on hand of each variant that ever moved; its name leads to its card."""

    list_display = (
        titled(_card, "Item", "variant__item__name"),
        "variant",
        "location",
        decimal("on_hand", "On hand", unit="variant.item.unit"),
        decimal("reserved", "Reserved"),
        titled(_available, "Available"),
        decimal("in_transit", "On the way"),
        titled(_value, "Value", "value_minor"),
        "counted_at",
        "moved_at",
    )
    list_display_links = None
    list_filter = (StateFilter, "location", "variant__item__category")
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
        titled(_card, "Item", "variant__item__name"),
        "variant",
        "location",
        decimal("quantity", "Quantity", unit="variant.item.unit"),
        titled(_value, "Value", "value_minor"),
        titled(_cause, "Of"),
        "reason",
        titled(_who, "By"),
    )
    list_display_links = None
    list_filter = (one_of("kind", "kind", StockMovement.KINDS), "location")
    list_select_related = ("variant__item", "location")
    search_fields = ("variant__sku", "variant__item__name")
    search_help_text = "Item or SKU"
    date_hierarchy = "business_date"
    ordering = ("-at", "-id")
    actions = ("take_back",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockMovement]:
        """Movements with the names of who made them."""
        found: QuerySet[StockMovement] = super().get_queryset(request)
        named = Employee.objects.filter(pk=OuterRef("employee_id")).values("name")
        return found.annotate(employee_name=Subquery(named))

    def has_move_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may move stock."""
        return actor_of(request).may(MOVE)

    @admin.action(description="Take the adjustment back", permissions=["move"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[StockMovement]) -> None:
        """Take back the whole adjustments that the chosen movements belong to."""
        kinds = (StockMovement.ADJUSTMENT, StockMovement.CHANNEL)
        keys = {row.document_id for row in queryset.filter(kind__in=kinds) if row.document_id is not None}
        for key in sorted(keys):
            try:
                revert_adjustment(adjustment_id=key, actor=actor_of(request), at=now())
            except DomainError as error:
                self.message_user(request, error.detail, level="ERROR")
            else:
                self.message_user(request, "An adjustment was taken back.")


@admin.register(StockCountResult, site=merchant_admin)
class StockCountResultAdmin(ReadOnlyAdmin):
    """What was found on the shelf by closed counts."""

    list_display = (
        "counted_at",
        titled(_card, "Item", "variant__item__name"),
        "variant",
        "location",
        decimal("quantity", "Found", unit="variant.item.unit"),
    )
    list_display_links = None
    list_filter = ("location",)
    list_select_related = ("variant__item", "location")
    search_fields = ("variant__sku", "variant__item__name")
    search_help_text = "Item or SKU"
    date_hierarchy = "business_date"
    ordering = ("-counted_at", "-id")
