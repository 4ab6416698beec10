"""Orders in the back office, to read: what was sold, with tax and payments."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from fynlo.backoffice.columns import NOTHING, decimal, money, percent, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyInline
from fynlo.backoffice.site import merchant_admin
from fynlo.core.money import Money, format_money
from payments.tenders.queries import payments_of
from pos.orders import states
from pos.orders.change_pages import CancellingAdmin, OrderChangeInline
from pos.orders.models import Order, OrderLine, OrderTax
from pos.orders.refund_pages import RefundInline


def _payments(order: Any) -> SafeString | str:
    """Payments, one per line; names are escaped."""

    def amount(minor: int) -> str:
        return f"{format_money(Money(minor, order.currency))} {order.currency}"

    lines = [
        (paid.tender_name, amount(paid.tendered_minor), amount(paid.change_minor))
        for paid in payments_of(order_ids=[order.pk]).get(order.pk, [])
    ]
    return format_html_join("\n", "<div>{}: {} given, {} change</div>", lines) if lines else NOTHING


payments = titled(_payments, "Payments")


def _receipt(order: Any) -> SafeString | str:
    """Where it is looked at, printed again and sent."""
    address = reverse("admin:pos_order_receipt", args=[order.pk], current_app=merchant_admin.name)
    return format_html('<a class="link" href="{}">Look at it, print or send it</a>', address)


receipt = titled(_receipt, "Receipt")


def _number(order: Any) -> str:
    """The order's number as people read it."""
    return f"{order.register.code}-{order.number}"


def _origin(line: Any) -> str:
    """Its lot, its serial number and its use-by date, if its code said any."""
    return ", ".join(str(value) for value in (line.lot, line.serial, line.use_by) if value) or NOTHING


def _notes(line: Any) -> SafeString | str:
    """What was noted for the guest, the kitchen and the staff, and why it was taken off; one line each."""
    told = (
        ("", line.note),
        ("Kitchen: ", line.kitchen_note),
        ("Staff: ", line.internal_note),
        ("Taken off: ", line.void_reason),
    )
    shown = [each for each in told if each[1]]
    return format_html_join("\n", "<div>{}{}</div>", shown) if shown else NOTHING


number = titled(_number, "Number", "number")
origin = titled(_origin, "Lot, serial")
notes = titled(_notes, "Notes")


class OrderLineInline(ReadOnlyInline):
    """The lines, as they were sold."""

    model = OrderLine
    verbose_name_plural = "lines"
    fields = (
        "name",
        "sku",
        origin,
        notes,
        decimal("quantity", "Quantity", unit="unit"),
        money("unit_price_minor", "Unit price"),
        "price_source",
        money("discount_minor", "Discount"),
        percent("tax_rate", "Tax"),
        money("total_minor", "Total"),
    )
    readonly_fields = fields
    ordering = ("position",)


class OrderTaxInline(ReadOnlyInline):
    """The taxes, as printed on the receipt."""

    model = OrderTax
    verbose_name_plural = "taxes"
    fields = (
        "name",
        percent("rate", "Rate"),
        "is_inclusive",
        money("net_minor", "Net"),
        money("tax_minor", "Tax"),
    )
    readonly_fields = fields
    ordering = ("tax_class_code",)


@admin.register(Order, site=merchant_admin)
class OrderAdmin(CancellingAdmin):
    """Orders, newest first; open tickets are those whose fulfilment is `draft`."""

    list_display = (
        number,
        "register",
        "receipt_number",
        "name",
        "placed_at",
        "business_date",
        money("total_minor", "Total"),
        "payment_state",
        "fulfilment_state",
        "employee_name",
    )
    list_filter = (
        "register",
        one_of("payment_state", "payment", states.PAYMENT.states),
        one_of("fulfilment_state", "fulfilment", states.FULFILMENT.states),
    )
    list_select_related = ("register", "location", "price_book")
    search_fields = ("=number", "=receipt_number", "employee_name", "name", "customer")
    search_help_text = "Number, receipt, employee, ticket or customer"
    date_hierarchy = "business_date"
    ordering = ("-id",)
    inlines = (OrderLineInline, OrderTaxInline, RefundInline, OrderChangeInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    (number, "receipt_number", "register", "location"),
                    ("name", "customer", "employee_name"),
                    ("opened_at", "placed_at", "business_date"),
                    ("note", "kitchen_note", "internal_note"),
                    ("cancelled_at", "cancel_reason", receipt),
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
                        money("paid_minor", "Paid"),
                        money("refunded_minor", "Refunded"),
                    ),
                    (
                        money("discount_minor", "Discounts"),
                        money("service_charge_minor", "Service charges"),
                        money("tip_minor", "Tip"),
                    ),
                    (payments, "payment_state", "fulfilment_state"),
                )
            },
        ),
        (
            "Details",
            {
                "fields": ("id", "flags", "price_book", "context", "pricing_engine", "rounding_policy"),
                "classes": ("collapse",),
            },
        ),
    )
    readonly_fields = (
        "id",
        number,
        payments,
        receipt,
        money("net_minor", "Net"),
        money("tax_minor", "Tax"),
        money("total_minor", "Total"),
        money("paid_minor", "Paid"),
        money("refunded_minor", "Refunded"),
        money("discount_minor", "Discounts"),
        money("service_charge_minor", "Service charges"),
        money("tip_minor", "Tip"),
    )
