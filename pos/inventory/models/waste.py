"""What is thrown away, and why."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel, TenantModel
from pos.catalog.models import Variant


class WasteReason(TenantModel):
    """Why stock is thrown away: the merchant's own list, which takes the place of the usual one.

    `code` stays with movements when a reason is renamed or removed.
    """

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["code"], name="pos_wastereason_code")]

    def __str__(self) -> str:
        return self.name


class StockWaste(HistoryModel):
    """`quantity` of an ingredient or a dish was thrown away. Its movements name it as their document.

    `by_recipe`: the dish was made to order, so its ingredients left stock.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey("pos.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=20)
    reason_code = models.CharField(max_length=40)
    note = models.CharField(max_length=200, blank=True, default="")
    by_recipe = models.BooleanField(default=False)
    lot_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    business_date = models.DateField(db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="pos_stockwaste_positive")]
