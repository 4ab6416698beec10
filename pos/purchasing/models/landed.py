"""What goods cost beyond their price, or other than first stated: freight, duty, a differing invoice."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel
from pos.purchasing.models.receipts import GoodsReceiptLine

BASES = ("value", "weight", "quantity", "stated")


class LandedCost(HistoryModel):
    """An amount shared over delivered lines by what they are worth, weigh or count, or as stated line by line.

    `reverses` names the one this takes back; each is taken back at most once.
    """

    kind = models.CharField(max_length=40)
    basis = models.CharField(max_length=10)
    amount_minor = models.DecimalField(max_digits=40, decimal_places=15)
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=60, default="", blank=True)
    note = models.CharField(max_length=500, default="", blank=True)
    at = models.DateTimeField()
    employee_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, default="", blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="pos_landedcost_not_zero"),
            models.CheckConstraint(condition=Q(basis__in=BASES), name="pos_landedcost_basis_known"),
        ]


class LandedCostShare(HistoryModel):
    """What of it a purchase movement of a delivered line bears; the shares add up to the amount."""

    landed_cost = models.ForeignKey(
        LandedCost, on_delete=models.PROTECT, related_name="shares", db_index=False
    )
    position = models.PositiveIntegerField()
    receipt_line = models.ForeignKey(GoodsReceiptLine, on_delete=models.PROTECT, related_name="landed_shares")
    movement_id = models.UUIDField()
    basis_quantity = models.DecimalField(max_digits=40, decimal_places=15, null=True)
    share_minor = models.DecimalField(max_digits=40, decimal_places=15)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["landed_cost", "position"], name="pos_landedcostshare_place"),
        ]
