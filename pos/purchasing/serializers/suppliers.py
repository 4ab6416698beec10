"""Shapes of suppliers."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import (
    BooleanField,
    IdField,
    IntegerField,
    ListField,
    MoneyField,
    QuantityField,
    StrictSerializer,
    TextField,
)
from pos.inventory.serializers.costs import CostField
from pos.purchasing.drafts import MAX_LINES, PriceBreak, SupplierDraft, SupplierItemDraft
from pos.purchasing.serializers.fields import AmountField, EmailField

_MOST_DAYS = 3650


class PriceBreakInput(StrictSerializer):
    """From so many packs on, a pack costs that."""

    packs = QuantityField(positive=True)
    pack_price_minor = CostField()


class SupplierItemInput(StrictSerializer):
    """How a variant is sold: packs of `pack_size` `pack_unit`s (the item's own unit if not said)."""

    variant_id = IdField()
    supplier_code = TextField(required=False, allow_blank=True, max_length=60)
    pack_name = TextField(required=False, allow_blank=True, max_length=40)
    pack_size = QuantityField(required=False, positive=True)
    pack_unit = TextField(required=False, allow_null=True, max_length=20)
    pack_price_minor = CostField(required=False, allow_null=True)
    minimum_packs = AmountField(required=False)
    price_breaks = PriceBreakInput(many=True, required=False, max_length=20)  # type: ignore[call-arg]
    is_preferred = BooleanField(required=False)


class SupplierChangeInput(StrictSerializer):
    """A supplier, whole. Without `items`, what it sells stays as it is."""

    code = TextField(max_length=40)
    name = TextField(max_length=120)
    contact = TextField(required=False, allow_blank=True, max_length=120)
    email = EmailField(required=False, allow_blank=True)
    phone = TextField(required=False, allow_blank=True, max_length=40)
    address = ListField(child=TextField(max_length=120), required=False, max_length=8)
    tax_number = TextField(required=False, allow_blank=True, max_length=40)
    account_number = TextField(required=False, allow_blank=True, max_length=60)
    lead_time_days = IntegerField(required=False, allow_null=True, min_value=0, max_value=_MOST_DAYS)
    minimum_order = MoneyField(required=False, allow_null=True)
    payment_terms = TextField(required=False, allow_blank=True, max_length=120)
    language = TextField(required=False, max_length=35)
    note = TextField(required=False, allow_blank=True, multiline=True, max_length=500)
    is_active = BooleanField(required=False)
    items = SupplierItemInput(many=True, required=False, max_length=MAX_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> SupplierDraft:
        """The frozen input, under the id of the address or of the body."""
        values = dict(self.validated_data)
        key = values.pop("id", None) or self.context["view"].kwargs["supplier_id"]
        items = values.pop("items", None)
        if "address" in values:
            values["address"] = tuple(values["address"])
        if items is not None:
            values["items"] = tuple(_item(each) for each in items)
        return SupplierDraft(id=key, **values)


class SupplierInput(SupplierChangeInput):
    """A new supplier under an id of the caller's."""

    id = IdField()


class SupplierItemOutput(serializers.Serializer[Any]):
    """How a supplier sells a variant."""

    id = IdField()
    variant_id = IdField()
    sku = serializers.CharField()
    supplier_code = serializers.CharField()
    pack_name = serializers.CharField()
    pack_size = QuantityField()
    pack_unit = serializers.CharField()
    pack_price_minor = CostField(allow_null=True)
    minimum_packs = QuantityField()
    price_breaks = PriceBreakInput(many=True)
    is_preferred = serializers.BooleanField()


class SupplierSummaryOutput(serializers.Serializer[Any]):
    """A supplier in a list."""

    id = IdField()
    code = serializers.CharField()
    name = serializers.CharField()
    contact = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    address = serializers.ListField(child=serializers.CharField())
    tax_number = serializers.CharField()
    account_number = serializers.CharField()
    currency = serializers.CharField()
    lead_time_days = serializers.IntegerField(allow_null=True)
    minimum_order = MoneyField(allow_null=True)
    payment_terms = serializers.CharField()
    language = serializers.CharField()
    note = serializers.CharField()
    is_active = serializers.BooleanField()


class SupplierOutput(SupplierSummaryOutput):
    """A supplier with what it sells."""

    items = SupplierItemOutput(many=True)


def _item(values: dict[str, Any]) -> SupplierItemDraft:
    breaks = tuple(PriceBreak(**each) for each in values.pop("price_breaks", ()))
    return SupplierItemDraft(price_breaks=breaks, **values)
