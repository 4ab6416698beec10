"""Shapes of the catalogue."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fynlo.api.fields import IdField, MoneyField
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from pos.catalog.models import UNITS, Variant


@extend_schema_field({"type": "string", "pattern": r"^0(\.[0-9]{1,6})?$", "example": "0.19"})
class RateField(serializers.Field[Decimal, str, str, Any]):
    """A share from 0 to below 1 as text, without trailing zeros."""

    def to_representation(self, value: Decimal) -> str:
        """`0.19`, or `0`."""
        return format(value.normalize(), "f")


class PriceField(MoneyField):
    """A variant's price in the merchant's currency."""

    def get_attribute(self, instance: Variant) -> Money:
        """The price as money."""
        return Money(instance.price_minor, current_tenant().currency)


class BarcodeField(serializers.CharField):
    """A barcode by its code."""

    def to_representation(self, value: Any) -> str:
        """The code as a scanner reports it."""
        return value.code


class CategoryOutput(serializers.Serializer[Any]):
    """A node of the tree the till shows; children are shown by `position`, then by name."""

    id = IdField()
    parent_id = IdField(allow_null=True)
    name = serializers.CharField()
    position = serializers.IntegerField()


class TaxClassOutput(serializers.Serializer[Any]):
    """How items are taxed. An inclusive tax is contained in prices, an exclusive one is added to them."""

    id = IdField()
    code = serializers.CharField()
    name = serializers.CharField()
    rate = RateField()
    is_inclusive = serializers.BooleanField()


class ItemTaxClassOutput(serializers.Serializer[Any]):
    """Which tax class an item has; its rate is in `catalog/tax-classes`."""

    id = IdField()
    code = serializers.CharField()


class VariantOutput(serializers.Serializer[Any]):
    """What is put in the basket. The price is per unit of the item."""

    id = IdField()
    name = serializers.CharField(help_text="Empty for an item that has only one.")
    sku = serializers.CharField()
    price = PriceField()
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()
    barcodes = serializers.ListField(child=BarcodeField(), source="barcodes.all")


class ItemOutput(serializers.Serializer[Any]):
    """Something sold, with its variants. It may be sold while it and the variant are active."""

    id = IdField()
    category_id = IdField()
    tax_class = ItemTaxClassOutput()
    name = serializers.CharField()
    description = serializers.CharField()
    unit = serializers.ChoiceField(choices=UNITS)
    is_active = serializers.BooleanField()
    revision = serializers.IntegerField(
        help_text="The catalogue's revision when any part of it last changed."
    )
    variants = VariantOutput(many=True, source="variants.all")
