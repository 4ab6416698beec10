"""Orders: what was sold, at which price and tax, by whom, when. Lines are rows and are never replaced."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.catalog.models import PriceBookVersion, Variant
from pos.orders import states
from pos.orders.drafts import MAX_LINE_NOTE, MAX_LOT, MAX_ORDER_NOTE, MAX_SERIAL
from pos.orders.states import LIST, PRICE_SOURCES
from pos.registers.models import CashSession, Location, Register


class Order(TenantModel):
    """A sale. Its key is made by the till; `draft_digest` tells a repeat from another order of the same key.

    All `_minor` amounts are minor units of `currency`. `total` is what the order costs, tax and service charges
    included; the tip is apart, so what the guest owes is both. `context` says where and for whom it was priced
    (order type, channel, covers, coupons …), `discounts` and `service_charges` what was taken off and put on,
    `explanation` where each cent comes from. `note` is what the guest or the kitchen should read. `price_book` is
    None on orders from before there was one.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="orders", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="orders", db_index=False)
    session = models.ForeignKey(CashSession, on_delete=models.PROTECT, null=True, related_name="orders")
    number = models.BigIntegerField()
    fulfilment_state = models.CharField(max_length=20, default=states.PLACED)
    payment_state = models.CharField(max_length=20, default=states.UNPAID)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    discount_minor = models.BigIntegerField(default=0, db_default=0)
    service_charge_minor = models.BigIntegerField(default=0, db_default=0)
    tip_minor = models.BigIntegerField(default=0, db_default=0)
    placed_at = models.DateTimeField()
    business_date = models.DateField()
    device_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    employee_name = models.CharField(max_length=120, blank=True, default="")
    flags = models.JSONField(default=list)
    # Versions are never deleted, so nobody looks orders up by theirs.
    price_book = models.ForeignKey(
        PriceBookVersion, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    context = models.JSONField(default=dict, db_default={})
    discounts = models.JSONField(default=list, db_default=[])
    service_charges = models.JSONField(default=list, db_default=[])
    note = models.CharField(max_length=MAX_ORDER_NOTE, blank=True, default="", db_default="")
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
        ]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="pos_order_number"),
            models.CheckConstraint(
                condition=Q(total_minor=models.F("net_minor") + models.F("tax_minor")),
                name="pos_order_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    paid_minor__gte=0, paid_minor__lte=models.F("total_minor") + models.F("tip_minor")
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


class OrderLine(TenantModel):
    """One thing sold. Names, prices and taxes are those of the moment; the catalogue may change later.

    `list_price` is the catalogue's, `unit_price` what counted (`price_source` says why), `modifiers_minor` what
    the modifiers add per unit, `base` all of it times the quantity, of which `discount` was taken off. `taxes`
    has every tax of the line; `tax_rate` is theirs if there is one, else tax by net. `components` are those of
    a combo. List price and base are None on lines from before there were price lists.

    `lot`, `serial` and `use_by` are what the scanned code said of this very piece (GS1 10, 21 and 17), `note` is
    what the guest or the kitchen should read.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    # No constraint: a till may sell from a price book whose item was removed since, and a sale is a fact. The
    # line has the names, price and taxes of the moment; `variant` may be gone.
    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="order_lines", db_constraint=False
    )
    sku = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    unit = models.CharField(max_length=10)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    list_price_minor = models.BigIntegerField(null=True)
    unit_price_minor = models.BigIntegerField()
    price_source = models.CharField(max_length=10, default=LIST, db_default=LIST)
    price_list_id = models.UUIDField(null=True)
    modifiers_minor = models.BigIntegerField(default=0, db_default=0)
    base_minor = models.BigIntegerField(null=True)
    discount_minor = models.BigIntegerField(default=0, db_default=0)
    order_type = models.CharField(max_length=10, blank=True, default="", db_default="")
    modifiers = models.JSONField(default=list, db_default=[])
    components = models.JSONField(default=list, db_default=[])
    taxes = models.JSONField(default=list, db_default=[])
    lot = models.CharField(max_length=MAX_LOT, blank=True, default="", db_default="")
    serial = models.CharField(max_length=MAX_SERIAL, blank=True, default="", db_default="")
    use_by = models.DateField(null=True)
    note = models.CharField(max_length=MAX_LINE_NOTE, blank=True, default="", db_default="")
    tax_class_code = models.CharField(max_length=20)
    tax_rate = models.DecimalField(max_digits=7, decimal_places=6)
    is_tax_inclusive = models.BooleanField()
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()

    class Meta:
        ordering = ["order", "position"]
        indexes = [
            # A recall asks for what the code said, also from before the item's lots were kept.
            models.Index(fields=["lot"], name="pos_orderline_lot", condition=~Q(lot="")),
            models.Index(fields=["serial"], name="pos_orderline_serial", condition=~Q(serial="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="pos_orderline_position"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pos_orderline_quantity_positive"),
            models.CheckConstraint(
                condition=Q(total_minor=models.F("net_minor") + models.F("tax_minor")),
                name="pos_orderline_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(price_source__in=PRICE_SOURCES), name="pos_orderline_source_known"
            ),
        ]


class OrderTax(TenantModel):
    """What an order owes of one tax: the base and the tax, as printed on the receipt.

    `tax_class_code` is the code of the tax; a class of one tax gives it its own. A tax per unit sold has
    `per_unit_minor`, and a rate of 0.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="taxes", db_index=False)
    tax_class_code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    rate = models.DecimalField(max_digits=7, decimal_places=6)
    per_unit_minor = models.BigIntegerField(null=True)
    is_inclusive = models.BooleanField()
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()

    class Meta:
        ordering = ["order", "tax_class_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "tax_class_code", "rate", "per_unit_minor", "is_inclusive"],
                name="pos_ordertax_each_once",
                nulls_distinct=False,
            )
        ]
