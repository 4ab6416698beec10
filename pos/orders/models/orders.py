"""An order: what was sold, at which price and tax, by whom, when; an open ticket is one, too."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from fynlo.core.models import TenantModel
from pos.catalog.models import PriceBookVersion
from pos.orders import states
from pos.orders.drafts import MAX_NAME, MAX_ORDER_NOTE, MAX_REASON
from pos.registers.models import CashSession, Location, Register


class Order(TenantModel):
    """A sale. Its key is made by the till; `draft_digest` tells a repeat from another order of the same key.

    All `_minor` amounts are minor units of `currency`. `total` is what the order costs, tax and service charges
    included; the tip is apart, so what the guest owes is both. `context` says where and for whom it was priced
    (order type, channel, covers, coupons …), `discounts` and `service_charges` what was taken off and put on,
    `explanation` where each cent comes from. `note` is what the guest or the kitchen should read. `price_book` is
    None on orders from before there was one.

    `number` is taken when the row is made, `receipt_number` when it is paid in full. `revision` counts what was
    changed since; every change of a shared order says which one it saw. `draft` is what was ordered as it was said,
    while it may still change; None once it is settled. `refunded` is what of `paid` went back. A cancelled order
    keeps its amounts, and nothing of it is due. `kitchen_note` and `internal_note` are for nobody else.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="orders", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="orders", db_index=False)
    session = models.ForeignKey(CashSession, on_delete=models.PROTECT, null=True, related_name="orders")
    number = models.BigIntegerField()
    receipt_number = models.BigIntegerField(null=True)
    # None: its own. An order opened at one till may be paid at another, which gives it its receipt.
    receipt_register = models.ForeignKey(
        Register, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    revision = models.IntegerField(default=1, db_default=1)
    fulfilment_state = models.CharField(max_length=20, default=states.PLACED)
    payment_state = models.CharField(max_length=20, default=states.UNPAID)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0, db_default=0)
    discount_minor = models.BigIntegerField(default=0, db_default=0)
    service_charge_minor = models.BigIntegerField(default=0, db_default=0)
    tip_minor = models.BigIntegerField(default=0, db_default=0)
    placed_at = models.DateTimeField()
    business_date = models.DateField()
    device_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    employee_name = models.CharField(max_length=120, blank=True, default="")
    # Who changed it last, so that two waiters at one table see each other.
    opened_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    edited_by_id = models.UUIDField(null=True)
    edited_by_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    edited_on_id = models.UUIDField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=MAX_REASON, blank=True, default="", db_default="")
    name = models.CharField(max_length=MAX_NAME, blank=True, default="", db_default="")
    customer = models.CharField(max_length=MAX_NAME, blank=True, default="", db_default="")
    flags = models.JSONField(default=list)
    # Versions are never deleted, so nobody looks orders up by theirs.
    price_book = models.ForeignKey(
        PriceBookVersion, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    context = models.JSONField(default=dict, db_default={})
    discounts = models.JSONField(default=list, db_default=[])
    service_charges = models.JSONField(default=list, db_default=[])
    note = models.CharField(max_length=MAX_ORDER_NOTE, blank=True, default="", db_default="")
    kitchen_note = models.CharField(max_length=MAX_ORDER_NOTE, blank=True, default="", db_default="")
    internal_note = models.CharField(max_length=MAX_ORDER_NOTE, blank=True, default="", db_default="")
    draft = models.JSONField(null=True)
    explanation = models.JSONField(null=True)
    pricing_engine = models.CharField(max_length=20)
    rounding_policy = models.CharField(max_length=40)
    pricing_digest = models.CharField(max_length=64)
    draft_digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["business_date", "id"], name="pos_order_day"),
            models.Index(fields=["register", "business_date"], name="pos_order_register_day"),
            # Few orders are open at a time, so this stays small however many there were.
            models.Index(
                fields=["location", "id"],
                name="pos_order_open",
                condition=~Q(fulfilment_state__in=(states.COMPLETED, states.CANCELLED)),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="pos_order_number"),
            models.UniqueConstraint(
                Coalesce("receipt_register", "register"),
                "receipt_number",
                condition=Q(receipt_number__isnull=False),
                name="pos_order_receipt_number",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=models.F("paid_minor")),
                name="pos_order_refunded_range",
            ),
            models.CheckConstraint(
                condition=Q(total_minor=models.F("net_minor") + models.F("tax_minor")),
                name="pos_order_adds_up",
            ),
            models.CheckConstraint(
                # What was given back of a part that was paid is owed again, and may be paid again.
                condition=Q(
                    paid_minor__gte=0,
                    paid_minor__lte=models.F("total_minor")
                    + models.F("tip_minor")
                    + models.F("refunded_minor"),
                ),
                name="pos_order_paid_range",
            ),
            models.CheckConstraint(
                condition=Q(discount_minor__gte=0, service_charge_minor__gte=0, tip_minor__gte=0),
                name="pos_order_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(fulfilment_state__in=states.FULFILMENT.states), name="pos_order_fulfilment_known"
            ),
            models.CheckConstraint(
                condition=Q(payment_state__in=states.PAYMENT.states), name="pos_order_payment_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Order {self.number}"
