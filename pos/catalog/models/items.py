"""What the merchant sells: categories, items, and variants with their prices and codes."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper

from fynlo.core.models import TenantModel
from pos.catalog.models.taxes import TaxClass

UNITS = ("each", "kg", "g", "l", "ml", "m")


class Category(TenantModel):
    """A node of the tree the till shows."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", db_index=False
    )
    name = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0)
    color = models.CharField(max_length=7, blank=True, default="", db_default="")
    image = models.ForeignKey(
        "pos.CatalogImage", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["position", "name", "id"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], name="pos_category_name", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="pos_category_not_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class Item(TenantModel):
    """Something sold, in one or more variants. `revision` is the catalogue's at the last change of any part.

    `unit` is what prices are for and stock is counted in; `units` are others with an exact factor
    (`{"code": "case", "name": "Case", "numerator": 24, "denominator": 1}`: one case is 24 of `unit`).
    `option_axes` are up to three (`{"name": "Size", "values": ["S", "M"]}`); variants have a value of each.
    """

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="items", db_index=False)
    tax_class = models.ForeignKey(TaxClass, on_delete=models.PROTECT, related_name="items", db_index=False)
    name = models.CharField(max_length=160)
    description = models.TextField(blank=True, default="")
    kitchen_name = models.CharField(max_length=80, blank=True, default="", db_default="")
    unit = models.CharField(max_length=10, default="each", choices=[(unit, unit) for unit in UNITS])
    units = models.JSONField(default=list, db_default=[], blank=True)
    option_axes = models.JSONField(default=list, db_default=[], blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    allergens = ArrayField(models.CharField(max_length=20), default=list, db_default=[], blank=True)
    has_open_price = models.BooleanField(default=False, db_default=False)
    is_active = models.BooleanField(default=True)
    revision = models.BigIntegerField(default=0, db_index=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["category", "name"], name="pos_item_name"),
            models.CheckConstraint(condition=Q(unit__in=UNITS), name="pos_item_unit_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Variant(TenantModel):
    """What is put in the basket: has the price, the SKU and the stock. An item without options has one.

    `scheduled_prices` replace `price_minor` from a local time on (`{"starts_at": "2026-12-01T00:00",
    "price_minor": 450}`). `options` are its values of the item's axes, in their order. `search_text` is what
    a search looks in (`pos.catalog.searching`).
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="variants", db_index=False)
    name = models.CharField(max_length=120, blank=True, default="")
    sku = models.CharField(max_length=64)
    price_minor = models.BigIntegerField()
    scheduled_prices = models.JSONField(default=list, db_default=[], blank=True)
    options = models.JSONField(default=list, db_default=[], blank=True)
    search_text = models.TextField(blank=True, default="", db_default="", editable=False)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "sku", "id"]
        indexes = [
            GinIndex(fields=["search_text"], name="pos_variant_search", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(Upper("sku"), name="pos_variant_sku"),
            # An expression, so that no foreign key could point at it: renaming a variant then takes the weaker row
            # lock, which a sale of the same variant does not wait for (docs/algorithms/locking.md).
            models.UniqueConstraint("item", Lower("name"), name="pos_variant_name"),
            models.CheckConstraint(condition=Q(price_minor__gte=0), name="pos_variant_price_not_negative"),
        ]

    def __str__(self) -> str:
        return self.sku


class Barcode(TenantModel):
    """A printed code that means a variant; unique in the tenant.

    `multiplier` is how many of the item's unit the code stands for: 24 on the case; `unit` names that unit.
    """

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="barcodes")
    code = models.CharField(max_length=48, unique=True)
    unit = models.CharField(max_length=20, blank=True, default="", db_default="")
    multiplier = models.DecimalField(
        max_digits=18, decimal_places=6, default=Decimal(1), db_default=Decimal(1)
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(multiplier__gt=0), name="pos_barcode_multiplier_positive")
        ]

    def __str__(self) -> str:
        return self.code
