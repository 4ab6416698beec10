"""Lots, serials and recalls in the back office, to read."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import DecimalField, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from fynlo.backoffice.columns import decimal, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from pos.inventory.models import StockLot
from pos.inventory.models.lots import LOT_KINDS, MAX_LOT_CODE
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.lots import STATES, LotFilter, stock_lots
from pos.inventory.queries.recalls import GROUPS, Recall, RecallQuestion, RecallRow, recall
from pos.inventory.recall_file import MEDIA_TYPE, recall_csv

MOST_ON_PAGE: Final = 500
MOST_IN_FILE: Final = 100_000
_SOON: Final = {"expired": 0, "7 days": 7, "30 days": 30}
_TITLES: Final = {
    "receipts": "Where it came from",
    "productions": "What was made with it, or of what it was made",
    "sales": "Who bought it",
    "transfers": "Between locations",
    "others": "Wasted, counted, adjusted",
}


class StockFilter(SimpleListFilter):
    """Whether something of the lot is there."""

    title = "stock"
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The states by their names."""
        del request, model_admin
        return [(state, state) for state in STATES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """Lots in the chosen state."""
        del request
        chosen = self.value()
        if chosen is None:
            return None
        if chosen not in STATES:
            return queryset.none()
        return queryset.filter(pk__in=stock_lots(wanted=LotFilter(state=chosen)).values("pk"))


class ExpiryFilter(SimpleListFilter):
    """How soon it expires."""

    title = "expires within"
    parameter_name = "expires"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Spans of days."""
        del request, model_admin
        return [(name, name) for name in _SOON]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """Lots whose last day is before that."""
        del request
        chosen = self.value()
        if chosen is None:
            return None
        if chosen not in _SOON:
            return queryset.none()
        return queryset.filter(expires_on__lt=clock.now().date() + dt.timedelta(days=_SOON[chosen]))


def _goods(row: Any) -> str:
    name = row.variant.name
    return f"{row.variant.item.name}, {name}" if name else row.variant.item.name


def _recall_link(row: Any) -> str:
    url = reverse("admin:pos_stock_recall", current_app=merchant_admin.name)
    return format_html('<a href="{}?lot_id={}">{}</a>', url, row.pk, row.code)


@admin.register(StockLot, site=merchant_admin)
class StockLotAdmin(ReadOnlyAdmin):
    """Every lot and serial that came or was sold; its code leads to its recall."""

    list_display = (
        titled(_recall_link, "Lot or serial", "code"),
        "kind",
        titled(_goods, "Item", "variant__item__name"),
        "variant",
        "expires_on",
        "received_at",
        decimal("on_hand", "On hand", unit="variant.item.unit"),
    )
    list_display_links = None
    list_filter = (
        StockFilter,
        ExpiryFilter,
        one_of("kind", "kind", LOT_KINDS),
        "variant__item__category",
    )
    list_select_related = ("variant__item",)
    search_fields = ("code", "variant__sku", "variant__item__name")
    search_help_text = "Lot, serial, item or SKU"
    ordering = ("expires_on", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Lots with what is on hand of them everywhere."""
        found = super().get_queryset(request)
        return found.annotate(on_hand=Coalesce(Sum("levels__on_hand"), 0, output_field=DecimalField()))


class RecallForm(forms.Form):
    """What is printed on the package."""

    code = forms.CharField(label="Lot or serial", required=False, max_length=MAX_LOT_CODE)
    sku = forms.CharField(label="SKU", required=False, max_length=64)


@page(merchant_admin, "pos/stock-recall/", name="pos_stock_recall", permission="stock.read", only_looks=True)
def recall_page(request: HttpRequest) -> HttpResponse:
    """A recall: by what is printed on the package, or of one lot; as a page, or as a file."""
    form = RecallForm(request.GET)
    lots = _found(form, _key(request.GET.get("lot_id", "")))
    only = lots[0] if len(lots) == 1 else None
    is_file = request.GET.get("as") == "csv"
    found = None
    if only is not None:
        limit = MOST_IN_FILE if is_file else MOST_ON_PAGE
        found = recall(question=RecallQuestion(lot_id=only.pk), limit=limit)
    if is_file and found is not None:
        response = HttpResponse(recall_csv(found=found), content_type=MEDIA_TYPE)
        response["Content-Disposition"] = 'attachment; filename="recall.csv"'
        return response
    context: dict[str, Any] = {"form": form, "lots": lots, "lot": only, "is_asked": bool(request.GET)}
    if found is not None:
        context |= _shown(found)
    title = f"Recall: {only.code}" if only is not None else "Recall"
    return render(merchant_admin, request, "stock_recall", title, **context)


def _found(form: RecallForm, key: UUID | None) -> list[StockLot]:
    lots = StockLot.objects.select_related("variant__item").order_by("pk")
    if key is not None:
        return list(lots.filter(pk=key))
    if not form.is_valid() or not form.cleaned_data["code"]:
        return []
    lots = lots.filter(code=form.cleaned_data["code"])
    sku = form.cleaned_data["sku"]
    return list(lots.filter(variant__sku__iexact=sku) if sku else lots)[:50]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _shown(found: Recall) -> dict[str, Any]:
    return {
        "groups": [(_TITLES[name], [_row(row) for row in found.group(name)]) for name in GROUPS],
        "recalled": [
            {
                "code": lot.code,
                "name": lot.name,
                "unit": lot.unit,
                "expires_on": lot.expires_on,
                "received_at": lot.received_at,
                "is_asked": lot.is_asked,
                "left": [(place.location, plain_quantity(place.on_hand)) for place in lot.left],
            }
            for lot in found.lots
        ],
        "has_more": found.has_more,
    }


def _row(row: RecallRow) -> dict[str, Any]:
    return {
        "at": row.at,
        "kind": row.kind.replace("_", " "),
        "lot": row.lot,
        "name": row.name,
        "sold_as": row.sold_as if row.sold_as != row.name else "",
        "quantity": f"{plain_quantity(row.quantity)} {row.unit}",
        "place": row.location,
        "order_id": row.order_id,
        "order_number": row.order_number,
        "who": " · ".join(filter(None, (row.register, row.employee, row.supplier, row.document_number))),
        "reason": row.reason,
        "is_inferred": row.is_lot_inferred,
    }
