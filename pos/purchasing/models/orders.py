"""What is ordered from suppliers, and every step an order took."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel, TenantModel
from pos.catalog.models import Variant
from pos.purchasing import states
from pos.purchasing.models.suppliers import Supplier


class PurchaseOrder(TenantModel):
    """An order to a supplier for a location. Who did what and when is in its steps."""

    number = models.CharField(max_length=20)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders", db_index=False)
    location = models.ForeignKey("pos.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=20, default=states.DRAFT)
    currency = models.CharField(max_length=3)
    expected_on = models.DateField(null=True, blank=True)
    supplier_reference = models.CharField(max_length=60, default="", blank=True)
    note = models.CharField(max_length=500, default="", blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="pos_purchaseorder_number"),
            models.CheckConstraint(
                condition=Q(state__in=states.ORDER.states), name="pos_purchaseorder_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(TenantModel):
    """An article ordered: `packs` of `pack_size` `pack_unit`s, together `quantity` of the item's `unit`.

    Names, codes and prices are copies: the paper says what was agreed. `received_quantity` is what was accepted of
    it so far, in the item's unit; `confirmed_quantity` what the supplier said will come (None: as ordered).
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="purchase_lines", db_index=False
    )
    description = models.CharField(max_length=300)
    sku = models.CharField(max_length=64, default="", blank=True)
    supplier_code = models.CharField(max_length=60, default="", blank=True)
    pack_name = models.CharField(max_length=40, default="", blank=True)
    packs = models.DecimalField(max_digits=18, decimal_places=6)
    pack_size = models.DecimalField(max_digits=18, decimal_places=6)
    pack_unit = models.CharField(max_length=20)
    pack_price_minor = models.DecimalField(max_digits=30, decimal_places=9, null=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=20)
    confirmed_quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    confirmed_on = models.DateField(null=True)
    received_quantity = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    note = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="pos_purchaseorderline_place"),
            models.CheckConstraint(
                condition=Q(packs__gt=0, pack_size__gt=0, quantity__gt=0, received_quantity__gte=0)
                & (Q(pack_price_minor__isnull=True) | Q(pack_price_minor__gte=0))
                & (Q(confirmed_quantity__isnull=True) | Q(confirmed_quantity__gte=0)),
                name="pos_purchaseorderline_not_negative",
            ),
        ]

    @property
    def expected_quantity(self) -> Decimal:
        """What should come in all, in the item's unit."""
        return self.quantity if self.confirmed_quantity is None else self.confirmed_quantity

    @property
    def open_quantity(self) -> Decimal:
        """What should still come, in the item's unit; never below 0."""
        return max(Decimal(0), self.expected_quantity - self.received_quantity)


class PurchaseOrderStep(HistoryModel):
    """That somebody did something with an order, or that something became of its e-mail."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    at = models.DateTimeField()
    employee_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, default="", blank=True)
    detail = models.CharField(max_length=500, default="", blank=True)
    document_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["at", "id"]
