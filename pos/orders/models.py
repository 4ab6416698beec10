"""Orders: what was sold, at which price and tax, by whom, when. Lines are rows and are never replaced."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.catalog.models import Variant
from pos.orders import states
from pos.registers.models import CashSession, Location, Register


class Order(TenantModel):
    """A sale. Its key is made by the till; `draft_digest` tells a repeat from another order of the same key.

    All `_minor` amounts are minor units of `currency`. `total` is what the guest owes, tax included.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="orders")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="orders")
    session = models.ForeignKey(CashSession, on_delete=models.PROTECT, null=True, related_name="orders")
    number = models.BigIntegerField()
    fulfilment_state = models.CharField(max_length=20, default=states.PLACED)
    payment_state = models.CharField(max_length=20, default=states.UNPAID)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    placed_at = models.DateTimeField()
    business_date = models.DateField()
    device_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    employee_name = models.CharField(max_length=120, blank=True, default="")
    flags = models.JSONField(default=list)
    pricing_engine = models.CharField(max_length=20)
    rounding_policy = models.CharField(max_length=40)
    pricing_digest = models.CharField(max_length=64)
    draft_digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["business_date", "id"], name="pos_order_day")]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="pos_order_number"),
            models.CheckConstraint(
                condition=Q(total_minor=models.F("net_minor") + models.F("tax_minor")),
                name="pos_order_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0, paid_minor__lte=models.F("total_minor")),
                name="pos_order_paid_range",
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


class OrderLine(TenantModel):
    """One thing sold. Names, price and tax are those of the moment; the catalogue may change later."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="order_lines")
    sku = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    unit = models.CharField(max_length=10)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit_price_minor = models.BigIntegerField()
    tax_class_code = models.CharField(max_length=20)
    tax_rate = models.DecimalField(max_digits=7, decimal_places=6)
    is_tax_inclusive = models.BooleanField()
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()

    class Meta:
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="pos_orderline_position"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pos_orderline_quantity_positive"),
            models.CheckConstraint(
                condition=Q(total_minor=models.F("net_minor") + models.F("tax_minor")),
                name="pos_orderline_adds_up",
            ),
        ]


class OrderTax(TenantModel):
    """What an order owes of one tax class: the base and the tax, as printed on the receipt."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="taxes")
    tax_class_code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    rate = models.DecimalField(max_digits=7, decimal_places=6)
    is_inclusive = models.BooleanField()
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()

    class Meta:
        ordering = ["order", "tax_class_code"]
        constraints = [models.UniqueConstraint(fields=["order", "tax_class_code"], name="pos_ordertax_once")]
