"""The lines of an order. They are rows, changed while the order is open and never deleted."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.catalog.models import Variant
from pos.orders.drafts import MAX_LINE_NOTE, MAX_LOT, MAX_REASON, MAX_SERIAL
from pos.orders.models.orders import Order
from pos.orders.states import LIST, PRICE_SOURCES


class OrderLine(TenantModel):
    """One thing sold. Names, prices and taxes are those of the moment; the catalogue may change later.

    `list_price` is the catalogue's, `unit_price` what counted (`price_source` says why), `modifiers_minor` what
    the modifiers add per unit, `base` all of it times the quantity, of which `discount` was taken off. `taxes`
    has every tax of the line; `tax_rate` is theirs if there is one, else tax by net. `components` are those of
    a combo. List price and base are None on lines from before there were price lists.

    `lot`, `serial` and `use_by` are what the scanned code said of this very piece (GS1 10, 21 and 17), `note` is
    what the guest or the kitchen should read. A voided line keeps its quantity and costs nothing.
    `withdrawn_quantity` was ordered, left the shelf and was taken off the line again: `taken_quantity` is both.
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
    kitchen_note = models.CharField(max_length=MAX_LINE_NOTE, blank=True, default="", db_default="")
    internal_note = models.CharField(max_length=MAX_LINE_NOTE, blank=True, default="", db_default="")
    withdrawn_quantity = models.DecimalField(
        max_digits=18, decimal_places=6, default=Decimal(0), db_default=Decimal(0)
    )
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=MAX_REASON, blank=True, default="", db_default="")
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

    @property
    def taken_quantity(self) -> Decimal:
        """What of it ever left the shelf: whoever takes goods back counts from here."""
        return self.quantity + self.withdrawn_quantity
