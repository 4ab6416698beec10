"""Who goods are bought from, and what they call, pack and ask for them."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from fynlo.core.models import TenantModel
from pos.catalog.models import Variant


class Supplier(TenantModel):
    """A supplier. Prices are in the merchant's currency; `account_number` is the merchant's with them.

    `lead_time_days` None: the merchant's default. An order below `minimum_order_minor` is not refused, only told.
    """

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    contact = models.CharField(max_length=120, default="", blank=True)
    email = models.EmailField(max_length=254, default="", blank=True)
    phone = models.CharField(max_length=40, default="", blank=True)
    address = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    tax_number = models.CharField(max_length=40, default="", blank=True)
    account_number = models.CharField(max_length=60, default="", blank=True)
    currency = models.CharField(max_length=3)
    lead_time_days = models.PositiveIntegerField(null=True, blank=True)
    minimum_order_minor = models.BigIntegerField(null=True, blank=True)
    payment_terms = models.CharField(max_length=120, default="", blank=True)
    language = models.CharField(max_length=35, default="en")
    note = models.CharField(max_length=500, default="", blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Upper("code"), name="pos_supplier_code"),
            models.CheckConstraint(
                condition=Q(minimum_order_minor__isnull=True) | Q(minimum_order_minor__gte=0),
                name="pos_supplier_minimum_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SupplierItem(TenantModel):
    """How a supplier sells a variant: a pack is `pack_size` `pack_unit`s (12 each, 25 kg), at a price per pack.

    `pack_unit` is any unit that converts to the item's own. Bought are at least `minimum_packs`; `price_breaks` are
    `[{"packs": "10", "pack_price_minor": "950"}]`, ascending: from so many packs on, the pack costs that.
    One supplier per variant is preferred: suggestions ask there.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="items", db_index=False)
    variant = models.ForeignKey(
        Variant, on_delete=models.CASCADE, related_name="supplier_items", db_index=False
    )
    supplier_code = models.CharField(max_length=60, default="", blank=True)
    pack_name = models.CharField(max_length=40, default="", blank=True)
    pack_size = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(1))
    pack_unit = models.CharField(max_length=20)
    pack_price_minor = models.DecimalField(max_digits=30, decimal_places=9, null=True, blank=True)
    minimum_packs = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(1))
    price_breaks = models.JSONField(default=list, blank=True)
    is_preferred = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "supplier", "supplier_code"], name="pos_supplieritem_once"
            ),
            models.UniqueConstraint(
                fields=["variant"], condition=Q(is_preferred=True), name="pos_supplieritem_one_preferred"
            ),
            models.CheckConstraint(
                condition=Q(pack_size__gt=0, minimum_packs__gte=0)
                & (Q(pack_price_minor__isnull=True) | Q(pack_price_minor__gte=0)),
                name="pos_supplieritem_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_code or self.variant_id}"
