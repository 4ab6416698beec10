"""What the merchant sells: categories, items, variants with prices, barcodes and tax classes."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper

from fynlo.core.models import TenantModel

UNITS = ("each", "kg", "g", "l", "ml", "m")
THE_ONE = 1


class CatalogHead(TenantModel):
    """The catalogue's revision: one row, raised by every change and locked by it until COMMIT.

    So changes of the catalogue come one after the other, and what a caller has is current exactly if it has
    this revision. Sales never touch it.
    """

    own_key: ClassVar[str] = "one row in every merchant's schema, always found by the same key"

    id = models.PositiveSmallIntegerField(  # type: ignore[assignment]
        primary_key=True, default=THE_ONE, editable=False
    )
    revision = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.CheckConstraint(condition=Q(id=THE_ONE), name="pos_cataloghead_one_row")]

    def __str__(self) -> str:
        return f"catalogue revision {self.revision}"


class TaxClass(TenantModel):
    """How items are taxed: one rate, contained in the price (inclusive) or added to it (exclusive).

    `rate` is a fraction: 0.19 is nineteen per cent.
    """

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    rate = models.DecimalField(max_digits=7, decimal_places=6, validators=[MinValueValidator(Decimal(0))])
    is_inclusive = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "tax classes"
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="pos_taxclass_rate_range")
        ]

    def __str__(self) -> str:
        return self.name


class Category(TenantModel):
    """A node of the tree the till shows."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0)

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
    """Something sold, in one or more variants. `revision` is the catalogue's at the last change of any part."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="items")
    tax_class = models.ForeignKey(TaxClass, on_delete=models.PROTECT, related_name="items")
    name = models.CharField(max_length=160)
    description = models.TextField(blank=True, default="")
    unit = models.CharField(max_length=10, default="each", choices=[(unit, unit) for unit in UNITS])
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
    """What is put in the basket: has the price, the SKU and the stock. An item without options has one."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="variants")
    name = models.CharField(max_length=120, blank=True, default="")
    sku = models.CharField(max_length=64)
    price_minor = models.BigIntegerField()
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "sku", "id"]
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
    """A printed code that means a variant; unique in the tenant."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="barcodes")
    code = models.CharField(max_length=48, unique=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
