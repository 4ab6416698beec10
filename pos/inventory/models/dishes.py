"""Dishes that stock has found to be out."""

from django.db import models

from fynlo.core.models import TenantModel
from pos.catalog.models import Variant


class DishOut(TenantModel):
    """That stock has found a dish to be out at a location, and the stop it made then.

    Kept until the ingredient is back: a stop a person lifted meanwhile is not made again.
    """

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey("pos.Location", on_delete=models.CASCADE, related_name="+", db_index=False)
    stop_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["variant", "location"], name="pos_dishout_place")]
