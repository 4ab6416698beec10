"""Batches that were made: the document, whose movements say what went in and what came out."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.catalog.models import Variant


class StockProduction(TenantModel):
    """A batch: `quantity` of a variant was made at a location. Its movements name it as their document.

    Reverted once: `revert_id` is the document of the movements that took it back.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="productions", db_index=False)
    location = models.ForeignKey("pos.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    lot_id = models.UUIDField(null=True)
    recipe_revision = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True, default="")
    employee_id = models.UUIDField(null=True)
    made_by = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()
    business_date = models.DateField()
    revert_id = models.UUIDField(null=True)
    reverted_at = models.DateTimeField(null=True)
    reverted_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pos_stockproduction_positive"),
            models.CheckConstraint(
                condition=Q(revert_id__isnull=True, reverted_at__isnull=True)
                | Q(revert_id__isnull=False, reverted_at__isnull=False),
                name="pos_stockproduction_reverted_whole",
            ),
        ]
