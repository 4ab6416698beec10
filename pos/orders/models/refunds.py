"""Refunds: what of a sale was given back, and when. Facts; nothing of them is ever changed."""

from typing import Final

from django.db import models
from django.db.models import F, Q

from fynlo.core.models import HistoryModel
from pos.orders.drafts import MAX_REASON
from pos.orders.models.lines import OrderLine
from pos.orders.models.orders import Order
from pos.registers.models import CashSession, Location, Register

LINES: Final = "lines"
AMOUNT: Final = "amount"
DEPOSIT: Final = "deposit"
LOOSE: Final = "loose"
EXCHANGE: Final = "exchange"
REFUND_KINDS: Final = (LINES, AMOUNT, DEPOSIT, LOOSE, EXCHANGE)

RESTOCK: Final = "restock"
WASTE: Final = "waste"
NOTHING: Final = "none"
GOODS: Final = (RESTOCK, WASTE, NOTHING)
"""Where the goods went: onto the shelf again, through it into the bin, or nowhere (they stayed with the guest)."""


class Refund(HistoryModel):
    """Money of an order that was given back; without an order: of goods that came back without a receipt.

    `number` is a receipt's number of the register it was made at, `position` counts the refunds of its order.
    Amounts are above zero and lower what was sold: `amount` is all that goes back (total and tip; of a deposit, a
    payment of an order that was never paid in full, no sale at all), of which `rounding` was not handed out,
    because cash was rounded. `refunded_before` of what was paid (`paid`) had gone back before.

    `goodwill` is the part of the total that is not for goods that came back; after it, what is left of each line
    is shared out anew (`docs/algorithms/refunds.md`). `charges` is the part of the total that is not the lines':
    service charges. `document` is the refund as it was answered, `digest` tells a repeat from another refund of
    the same key.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, db_index=False, related_name="refunds"
    )
    position = models.IntegerField(default=0)
    kind = models.CharField(max_length=10)
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    session = models.ForeignKey(
        CashSession, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    number = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    tip_minor = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    rounding_minor = models.BigIntegerField(default=0)
    goodwill_minor = models.BigIntegerField(default=0)
    refunded_before_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField()
    taxes = models.JSONField(default=list)
    charges = models.JSONField(null=True)
    exchange_order_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=MAX_REASON, blank=True, default="")
    device_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    employee_name = models.CharField(max_length=120, blank=True, default="")
    approver_id = models.UUIDField(null=True)
    approver_name = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    business_date = models.DateField()
    flags = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    document = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="pos_refund_number"),
            models.UniqueConstraint(fields=["order", "position"], name="pos_refund_once"),
            models.CheckConstraint(
                condition=Q(
                    amount_minor__gte=0,
                    refunded_before_minor__gte=0,
                    refunded_before_minor__lte=F("paid_minor") - F("amount_minor"),
                ),
                name="pos_refund_at_most",
            ),
            models.CheckConstraint(
                condition=Q(total_minor=F("net_minor") + F("tax_minor"))
                & (
                    Q(kind=DEPOSIT, total_minor=0, tip_minor=0)
                    | (~Q(kind=DEPOSIT) & Q(amount_minor=F("total_minor") + F("tip_minor")))
                ),
                name="pos_refund_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    total_minor__gte=0,
                    tip_minor__gte=0,
                    goodwill_minor__gte=0,
                    goodwill_minor__lte=F("total_minor"),
                    rounding_minor__lte=F("amount_minor"),
                ),
                name="pos_refund_parts",
            ),
            models.CheckConstraint(condition=Q(kind__in=REFUND_KINDS), name="pos_refund_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=LOOSE, order__isnull=True) | (~Q(kind=LOOSE) & Q(order__isnull=False)),
                name="pos_refund_of",
            ),
        ]

    def __str__(self) -> str:
        return f"Refund {self.number}"


class RefundLine(HistoryModel):
    """`quantity` of a line that is refunded for `total`, after `quantity_before` and `total_before` were.

    Money without goods has the quantity 0. The same part of a line, and the same money of it, never goes back
    twice. `nets` is the net by class of sales, `taxes` every tax of it. Without a receipt there is no line, only
    a variant.
    """

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, db_index=False, related_name="lines")
    position = models.PositiveIntegerField()
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, db_index=False, related_name="refunds"
    )
    variant_id = models.UUIDField()
    line_quantity = models.DecimalField(max_digits=18, decimal_places=6)
    quantity_before = models.DecimalField(max_digits=18, decimal_places=6)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    line_total_minor = models.BigIntegerField()
    total_before_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    nets = models.JSONField(default=list)
    taxes = models.JSONField(default=list)
    goods = models.CharField(max_length=10, default=NOTHING)

    class Meta:
        ordering = ["refund", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["order_line", "quantity_before", "total_before_minor"], name="pos_refundline_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    quantity__gte=0,
                    quantity_before__gte=0,
                    quantity_before__lte=F("line_quantity") - F("quantity"),
                ),
                name="pos_refundline_quantity",
            ),
            models.CheckConstraint(
                condition=Q(
                    total_minor__gte=0,
                    total_before_minor__gte=0,
                    total_before_minor__lte=F("line_total_minor") - F("total_minor"),
                ),
                name="pos_refundline_money",
            ),
            models.CheckConstraint(
                condition=Q(total_minor=F("net_minor") + F("tax_minor")), name="pos_refundline_adds_up"
            ),
            models.CheckConstraint(condition=Q(goods__in=GOODS), name="pos_refundline_goods_known"),
        ]
