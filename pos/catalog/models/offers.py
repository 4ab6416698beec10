"""What is on offer where and when: menus by the clock, and what has run out."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.catalog.models.items import Item, Variant


class Menu(TenantModel):
    """What a till shows at its times and places: `entries` are `{"category_id": …}` or `{"item_id": …}`."""

    name = models.CharField(max_length=120, unique=True)
    position = models.PositiveIntegerField(default=0)
    when = models.JSONField(default=dict, blank=True)
    entries = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Stop(TenantModel):
    """An item or variant that is not to be had ("86"), at one location or everywhere, until a time or on."""

    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    variant = models.ForeignKey(
        Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    location = models.ForeignKey(
        "pos.Location", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=120, blank=True, default="")
    until = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    stopped_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "variant", "location"], name="pos_stop_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False, variant__isnull=True)
                | Q(item__isnull=True, variant__isnull=False),
                name="pos_stop_one_thing",
            ),
        ]


class BarcodePattern(TenantModel):
    """How codes that carry a weight, a price or more are read; the first active one that fits decides."""

    name = models.CharField(max_length=80, unique=True)
    pattern = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name
