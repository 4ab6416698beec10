"""Price lists, promotions and service charges in the back office."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from fynlo.backoffice.columns import titled
from fynlo.backoffice.sheets import Percent
from fynlo.backoffice.site import merchant_admin
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.catalog.admin.documents import DocumentAdmin
from pos.catalog.forms.conditions import when_sheet
from pos.catalog.forms.offers import PriceListForm, ServiceChargeForm
from pos.catalog.forms.promotions import KINDS, PromotionForm
from pos.catalog.models import PriceList, Promotion, ServiceCharge

_WHEN = when_sheet("", "", help="")


def conditions(row: Any) -> str:
    """When it holds, in a few words."""
    shown = _WHEN.show(row.when)
    shown.pop("locations", None)
    words = [line.strip() for line in _WHEN.lines(shown)]
    if row.when.get("locations"):
        words.append(f"Locations: {len(row.when['locations'])}")
    if "times" in row.when:
        words = [word for word in words if not word.startswith(("Times", "1.", "2.", "3.", "4.", "Until:"))]
        words.append(", ".join("–".join(window) for window in row.when["times"]))
    return "; ".join(words) or "always"


@admin.register(PriceList, site=merchant_admin)
class PriceListAdmin(DocumentAdmin):
    """Price lists. One that no item names may be removed."""

    form = PriceListForm
    may_be_removed = True
    fields = (("name", "priority"), "is_active", "entries", "when")
    list_display = (
        "name",
        "priority",
        titled(conditions, "When"),
        titled(lambda row: str(row.general), "For categories", "general"),
        titled(lambda row: str(row.single), "For items", "single"),
        "is_active",
    )
    list_filter = ("is_active",)
    search_fields = ("name",)
    ordering = ("priority", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceList]:
        """Lists with how many prices they hold."""
        found: QuerySet[PriceList] = super().get_queryset(request)
        is_single = Q(entries__item__isnull=False) | Q(entries__variant__isnull=False)
        return found.annotate(
            general=Count("entries", filter=~is_single & Q(entries__isnull=False)),
            single=Count("entries", filter=is_single),
        )


@admin.register(Promotion, site=merchant_admin)
class PromotionAdmin(DocumentAdmin):
    """Promotions."""

    form = PromotionForm
    may_be_removed = True
    fieldsets = (
        (None, {"fields": (("name", "is_active"), "rule", "when")}),
        (
            "Limits, and together with others",
            {
                "fields": (
                    ("cap_minor", "max_applications"),
                    ("priority", "group"),
                    "is_exclusive",
                    "excluded",
                )
            },
        ),
    )
    list_display = (
        "name",
        titled(lambda row: dict(KINDS).get(row.rule.get("kind"), "–"), "Gives"),
        titled(conditions, "When"),
        "priority",
        "group",
        "is_active",
    )
    list_filter = ("is_active",)
    search_fields = ("name",)
    ordering = ("priority", "name")


def _charged(charge: ServiceCharge) -> str:
    if charge.percent is not None:
        return f"{Percent('percent', '').show(charge.percent)} %"
    currency = current_tenant().currency
    minor = charge.per_cover_minor if charge.amount_minor is None else charge.amount_minor
    amount = f"{format_money(Money(minor or 0, currency))} {currency}"
    return amount if charge.amount_minor is not None else f"{amount} for each guest"


@admin.register(ServiceCharge, site=merchant_admin)
class ServiceChargeAdmin(DocumentAdmin):
    """Service charges."""

    form = ServiceChargeForm
    may_be_removed = True
    fields = (
        ("name", "is_active"),
        "charge",
        ("phase", "is_taxable"),
        ("tax_class", "priority"),
        "when",
    )
    list_display = (
        "name",
        titled(_charged, "Charge"),
        titled(conditions, "When"),
        "phase",
        "is_taxable",
        "is_active",
    )
    list_filter = ("is_active",)
    search_fields = ("name",)
    ordering = ("priority", "name")
