"""Pictures of what is sold, as we encoded them ourselves; kept in the merchant's schema like everything else."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.catalog.models.items import Item


class CatalogImage(TenantModel):
    """A picture, re-encoded at upload; `digest` is the SHA-256 of `content`."""

    digest = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(width__gte=1, height__gte=1), name="pos_catalogimage_has_pixels"
            )
        ]


class ItemImage(TenantModel):
    """A picture of an item; the first is the one on the till's button."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="images", db_index=False)
    image = models.ForeignKey(CatalogImage, on_delete=models.PROTECT, related_name="uses", db_index=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["item", "image"], name="pos_itemimage_once")]
