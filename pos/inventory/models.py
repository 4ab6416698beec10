"""Stock: movements are appended, levels are their sums."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel, TenantModel
from pos.catalog.models import Variant


class StockMovement(HistoryModel):
    """A quantity that came (positive) or went (negative), in the variant's unit, with its cause."""

    SALE, OPENING = "sale", "opening"
    KINDS = (SALE, OPENING)

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="stock_movements")
    location = models.ForeignKey("pos.Location", on_delete=models.PROTECT, related_name="stock_movements")
    kind = models.CharField(max_length=20)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    order_id = models.UUIDField(null=True)
    order_line_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["variant", "location", "at"], name="pos_stockmovement_card")]
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="pos_stockmovement_not_zero"),
            models.CheckConstraint(
                condition=Q(kind__in=("sale", "opening")), name="pos_stockmovement_kind_known"
            ),
            models.UniqueConstraint(
                fields=["order_line_id", "variant", "kind"],  # a combo's components belong to one line
                condition=Q(order_line_id__isnull=False),
                name="pos_stockmovement_once_per_line_and_variant",
            ),
            models.UniqueConstraint(
                fields=["variant", "location"],
                condition=Q(kind="opening"),
                name="pos_stockmovement_one_opening",
            ),
        ]


class StockLevel(TenantModel):
    """What is on hand of a variant at a location: the sum of its movements, kept in the same transaction."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="stock_levels")
    location = models.ForeignKey("pos.Location", on_delete=models.PROTECT, related_name="stock_levels")
    # Wider than a movement: a sum of many large ones must not refuse a sale.
    on_hand = models.DecimalField(max_digits=30, decimal_places=6, default=0)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["variant", "location"], name="pos_stocklevel_place")]
