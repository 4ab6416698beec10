"""What went back to suppliers."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel
from pos.catalog.models import Variant
from pos.purchasing.models.receipts import GoodsReceiptLine
from pos.purchasing.models.suppliers import Supplier


class SupplierReturn(HistoryModel):
    """Goods that went back to a supplier. Its key is the client's: sent twice, it is one."""

    number = models.CharField(max_length=20)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, related_name="returns", db_index=False
    )
    location = models.ForeignKey("pos.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=60, default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)
    note = models.CharField(max_length=500, default="", blank=True)
    at = models.DateTimeField()
    business_date = models.DateField()
    recorded_at = models.DateTimeField()
    employee_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, default="", blank=True)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["number"], name="pos_supplierreturn_number")]

    def __str__(self) -> str:
        return self.number


class SupplierReturnLine(HistoryModel):
    """So much of a delivered line went back, in the item's unit (above 0), at what it had cost."""

    supplier_return = models.ForeignKey(
        SupplierReturn, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    position = models.PositiveIntegerField()
    receipt_line = models.ForeignKey(GoodsReceiptLine, on_delete=models.PROTECT, related_name="returns")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", db_index=False)
    description = models.CharField(max_length=300)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=20)
    value_minor = models.DecimalField(max_digits=40, decimal_places=15, null=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier_return", "position"], name="pos_supplierreturnline_place"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pos_supplierreturnline_moves"),
        ]
