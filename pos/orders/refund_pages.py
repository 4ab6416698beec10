"""Refunds in the back office, to read: what was given back, and each order's refunds on its page."""

import json
from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from fynlo.backoffice.columns import NOTHING, money, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin, ReadOnlyInline
from fynlo.backoffice.site import merchant_admin
from pos.orders.models import Refund
from pos.orders.models.refunds import REFUND_KINDS


def _goods(refund: Any) -> SafeString | str:
    """What came back, one line each; names are escaped."""
    lines = [(line["quantity"], line["name"], line["goods"]) for line in json.loads(refund.document)["lines"]]
    return format_html_join("\n", "<div>{} × {} ({})</div>", lines) if lines else NOTHING


def _tenders(refund: Any) -> SafeString | str:
    """How the money went back, one line each."""
    told = json.loads(refund.document)["tenders"]
    lines = [
        (each["name"], each["house_account"] or each["last4"] or each["reference"] or "") for each in told
    ]
    return format_html_join("\n", "<div>{} {}</div>", lines) if lines else NOTHING


def _reference(refund: Any) -> str:
    """Its number as it is printed."""
    return str(json.loads(refund.document)["reference"])


goods = titled(_goods, "Goods")
reference = titled(_reference, "Number", "number")
tenders = titled(_tenders, "Given back by")


class RefundInline(ReadOnlyInline):
    """The refunds of an order."""

    model = Refund
    verbose_name_plural = "refunds"
    fields = (
        reference,
        "at",
        "kind",
        goods,
        money("amount_minor", "Given back"),
        tenders,
        "reason",
        "employee_name",
        "approver_name",
    )
    readonly_fields = fields
    ordering = ("position",)


@admin.register(Refund, site=merchant_admin)
class RefundAdmin(ReadOnlyAdmin):
    """Refunds, the newest first."""

    list_display = (
        reference,
        "register",
        "at",
        "business_date",
        "kind",
        money("amount_minor", "Given back"),
        "reason",
        "employee_name",
        "approver_name",
    )
    list_filter = ("register", one_of("kind", "kind", REFUND_KINDS))
    list_select_related = ("register", "location")
    search_fields = ("=number", "employee_name", "reason")
    search_help_text = "Number, employee or reason"
    date_hierarchy = "business_date"
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("register", reference, "location"),
                    ("at", "business_date", "kind"),
                    ("reason", "employee_name", "approver_name"),
                    goods,
                )
            },
        ),
        (
            "Amounts",
            {
                "fields": (
                    (
                        money("net_minor", "Net"),
                        money("tax_minor", "Tax"),
                        money("total_minor", "Total"),
                        money("tip_minor", "Tip"),
                    ),
                    (
                        money("amount_minor", "Given back"),
                        money("rounding_minor", "Rounding"),
                        money("goodwill_minor", "Without goods"),
                    ),
                    tenders,
                )
            },
        ),
        ("Details", {"fields": ("id", "order_id", "exchange_order_id", "flags"), "classes": ("collapse",)}),
    )
    readonly_fields = (
        "id",
        "order_id",
        reference,
        goods,
        tenders,
        money("net_minor", "Net"),
        money("tax_minor", "Tax"),
        money("total_minor", "Total"),
        money("tip_minor", "Tip"),
        money("amount_minor", "Given back"),
        money("rounding_minor", "Rounding"),
        money("goodwill_minor", "Without goods"),
    )
