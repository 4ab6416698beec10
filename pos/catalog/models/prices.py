"""Prices that depend on who, where, when and how much; promotions and service charges. Rules are data.

`when` is a set of conditions and `rule` a promotion's rule, both as in `docs/algorithms/pricing.md`.
"""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.catalog.models.items import Category, Item, Variant

PHASES = ("before_tax", "after_tax")


class PriceList(TenantModel):
    """Prices for some guests, places and times; of those that hold, the first with a price decides."""

    name = models.CharField(max_length=120, unique=True)
    priority = models.IntegerField(default=100)
    when = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["priority", "id"]

    def __str__(self) -> str:
        return self.name


class PriceListEntry(TenantModel):
    """A price, or what is taken off, from a quantity on: of a variant, an item, a category, or everything."""

    price_list = models.ForeignKey(
        PriceList, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    min_quantity = models.DecimalField(max_digits=18, decimal_places=6, default=1)
    price_minor = models.BigIntegerField(null=True, blank=True)
    percent_off = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    amount_off_minor = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "price list entries"
        ordering = ["price_list", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "variant", "item", "category", "min_quantity"],
                name="pos_pricelistentry_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(variant__isnull=True, item__isnull=True)
                | Q(variant__isnull=True, category__isnull=True)
                | Q(item__isnull=True, category__isnull=True),
                name="pos_pricelistentry_one_target",
            ),
            models.CheckConstraint(
                condition=Q(price_minor__gte=0, percent_off__isnull=True, amount_off_minor__isnull=True)
                | Q(
                    price_minor__isnull=True,
                    percent_off__gte=0,
                    percent_off__lte=1,
                    amount_off_minor__isnull=True,
                )
                | Q(price_minor__isnull=True, percent_off__isnull=True, amount_off_minor__gte=0),
                name="pos_pricelistentry_one_effect",
            ),
            models.CheckConstraint(condition=Q(min_quantity__gt=0), name="pos_pricelistentry_quantity"),
        ]


class Promotion(TenantModel):
    """A discount by rule. Rows of the same `group` never discount the same line."""

    name = models.CharField(max_length=120, unique=True)
    priority = models.IntegerField(default=100)
    group = models.CharField(max_length=40, blank=True, default="")
    is_exclusive = models.BooleanField(default=False)
    when = models.JSONField(default=dict, blank=True)
    rule = models.JSONField(default=dict)
    excluded = models.JSONField(null=True, blank=True)
    cap_minor = models.BigIntegerField(null=True, blank=True)
    max_applications = models.PositiveIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["priority", "id"]

    def __str__(self) -> str:
        return self.name


class ServiceCharge(TenantModel):
    """A charge on the order: a share of it, an amount, or an amount per cover."""

    name = models.CharField(max_length=120, unique=True)
    priority = models.IntegerField(default=100)
    when = models.JSONField(default=dict, blank=True)
    percent = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    per_cover_minor = models.BigIntegerField(null=True, blank=True)
    phase = models.CharField(
        max_length=10, default="before_tax", choices=[(phase, phase) for phase in PHASES]
    )
    is_taxable = models.BooleanField(default=True)
    tax_class = models.ForeignKey(
        "pos.TaxClass", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["priority", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    percent__gte=0, percent__lte=1, amount_minor__isnull=True, per_cover_minor__isnull=True
                )
                | Q(percent__isnull=True, amount_minor__gte=0, per_cover_minor__isnull=True)
                | Q(percent__isnull=True, amount_minor__isnull=True, per_cover_minor__gte=0),
                name="pos_servicecharge_one_amount",
            ),
            models.CheckConstraint(condition=Q(phase__in=PHASES), name="pos_servicecharge_phase_known"),
            models.CheckConstraint(
                condition=Q(phase="before_tax") | Q(is_taxable=False), name="pos_servicecharge_after_tax"
            ),
            models.CheckConstraint(
                condition=Q(is_taxable=True) | Q(tax_class__isnull=True), name="pos_servicecharge_tax_class"
            ),
        ]

    def __str__(self) -> str:
        return self.name
