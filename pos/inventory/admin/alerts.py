"""Alerts in the back office, to read."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from fynlo.backoffice.columns import titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import merchant_admin
from pos.inventory.models import StockAlert
from pos.inventory.models.alerts import ALERT_KINDS, ALERT_WORDS


class OpenFilter(SimpleListFilter):
    """Whether it still is so."""

    title = "open"
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Yes and no."""
        del request, model_admin
        return [("yes", "yes"), ("no", "no")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """What still is, or what was."""
        del request
        chosen = self.value()
        if chosen is None:
            return None
        return queryset.filter(cleared_at__isnull=chosen == "yes")


def _goods(row: Any) -> str:
    name = row.variant.name
    return f"{row.variant.item.name}, {name}" if name else row.variant.item.name


def _words(row: Any) -> str:
    return ALERT_WORDS.get(row.kind, row.kind)


def _facts(row: Any) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in sorted(row.data.items()))


@admin.register(StockAlert, site=merchant_admin)
class StockAlertAdmin(ReadOnlyAdmin):
    """What somebody should look at, and what was the matter before."""

    list_display = (
        titled(_goods, "Item", "variant__item__name"),
        "variant",
        "location",
        titled(_words, "What", "kind"),
        "lot",
        titled(_facts, "When it was raised"),
        "raised_at",
        "cleared_at",
    )
    list_display_links = None
    list_filter = (OpenFilter, one_of("kind", "kind", ALERT_KINDS), "location", "variant__item__category")
    list_select_related = ("variant__item", "location", "lot")
    search_fields = ("variant__sku", "variant__item__name", "lot__code")
    search_help_text = "Item, SKU or lot"
    ordering = ("-raised_at", "-id")
