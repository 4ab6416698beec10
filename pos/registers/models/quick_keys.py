"""The buttons of a till."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.catalog.models import Category, Item, Variant
from pos.registers.models.places import Register


class QuickKey(TenantModel):
    """A button on a till: an item, a variant or a category. Without a register it is on every till."""

    register = models.ForeignKey(
        Register, on_delete=models.CASCADE, null=True, blank=True, related_name="quick_keys", db_index=False
    )
    page = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    variant = models.ForeignKey(
        Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    label = models.CharField(max_length=40, blank=True, default="")
    color = models.CharField(max_length=7, blank=True, default="")

    class Meta:
        ordering = ["page", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "page", "position"], name="pos_quickkey_place", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False, variant__isnull=True, category__isnull=True)
                | Q(item__isnull=True, variant__isnull=False, category__isnull=True)
                | Q(item__isnull=True, variant__isnull=True, category__isnull=False),
                name="pos_quickkey_one_thing",
            ),
        ]
