"""Goods that came back: what was void, cancelled or refunded of an order's lines, and what became of it."""

from django.db import models
from django.db.models import F, Q

from fynlo.core.models import HistoryModel

RESTOCK, WASTE = DISPOSITIONS = ("restock", "waste")
LONGEST_REASON = 200


class StockReturn(HistoryModel):
    """A return of an order's goods to `location`. Its key is the refund's, made by whoever asks; so it is once.

    `digest` tells a repeat from another return under the same key.
    """

    order_id = models.UUIDField(db_index=True)
    location = models.ForeignKey("pos.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="")
    employee_id = models.UUIDField(null=True)
    employee_name = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()
    business_date = models.DateField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]


class StockReturnLine(HistoryModel):
    """`quantity` of a line's `line_quantity` came back, of which `returned_before` had come back before.

    `wasted` of it was thrown away, the rest is on the shelf again. The same part of a line never comes back twice.
    """

    stock_return = models.ForeignKey(StockReturn, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    order_line_id = models.UUIDField()
    line_quantity = models.DecimalField(max_digits=18, decimal_places=6)
    returned_before = models.DecimalField(max_digits=18, decimal_places=6)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    wasted = models.DecimalField(max_digits=18, decimal_places=6)
    lot_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["stock_return", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["order_line_id", "returned_before"], name="pos_stockreturnline_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    returned_before__gte=0,
                    returned_before__lte=F("line_quantity") - F("quantity"),
                    quantity__gt=0,
                    wasted__gte=0,
                    wasted__lte=F("quantity"),
                ),
                name="pos_stockreturnline_at_most",
            ),
        ]
