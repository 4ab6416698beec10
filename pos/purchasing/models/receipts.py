"""What suppliers delivered: facts, corrected only by further movements."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel
from pos.catalog.models import Variant
from pos.purchasing.models.orders import PurchaseOrder, PurchaseOrderLine
from pos.purchasing.models.suppliers import Supplier


class GoodsReceipt(HistoryModel):
    """A delivery, of an order or without one (a spot buy). Its key is the client's: sent twice, it is one.

    `fingerprint` is of what was sent, so that another delivery under the same key is told from the same one.
    `approved_by_id` is who allowed more than was ordered.
    """

    number = models.CharField(max_length=20)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, null=True, related_name="receipts")
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, related_name="receipts", db_index=False
    )
    location = models.ForeignKey("pos.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3)
    delivery_note = models.CharField(max_length=60, default="", blank=True)
    note = models.CharField(max_length=500, default="", blank=True)
    at = models.DateTimeField()
    business_date = models.DateField()
    recorded_at = models.DateTimeField()
    employee_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, default="", blank=True)
    approved_by_id = models.UUIDField(null=True)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["number"], name="pos_goodsreceipt_number")]

    def __str__(self) -> str:
        return self.number


class GoodsReceiptLine(HistoryModel):
    """What came of an article. `stated_quantity` of `stated_unit` was accepted, `quantity` in the item's unit.

    What was rejected never came into stock. `value_minor` is what the accepted goods cost (None: nobody knows
    yet). `lots` is what was stated of lots and serials: `[{"code", "quantity", "expires_on"}]`.
    """

    receipt = models.ForeignKey(GoodsReceipt, on_delete=models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, null=True, related_name="receipt_lines", db_index=False
    )
    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="receipt_lines", db_index=False
    )
    description = models.CharField(max_length=300)
    stated_quantity = models.DecimalField(max_digits=18, decimal_places=6)
    stated_unit = models.CharField(max_length=20)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=20)
    rejected_quantity = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    reject_reason = models.CharField(max_length=200, default="", blank=True)
    value_minor = models.DecimalField(max_digits=40, decimal_places=15, null=True)
    lots = models.JSONField(default=list)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "position"], name="pos_goodsreceiptline_place"),
            models.CheckConstraint(
                condition=Q(stated_quantity__gte=0, quantity__gte=0, rejected_quantity__gte=0)
                & (Q(quantity__gt=0) | Q(rejected_quantity__gt=0))
                & (Q(value_minor__isnull=True) | Q(value_minor__gte=0)),
                name="pos_goodsreceiptline_not_negative",
            ),
        ]
