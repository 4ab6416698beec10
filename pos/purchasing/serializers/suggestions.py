"""Shapes of reorder suggestions."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField, MoneyField, QuantityField, StrictSerializer
from pos.purchasing.serializers.orders import PurchaseOrderOutput
from pos.purchasing.services.suggested_orders import MAX_CHOSEN, Chosen, ChosenDraft


class FigureOutput(serializers.Serializer[Any]):
    """A figure that was used."""

    code = serializers.CharField()
    value = serializers.CharField(help_text="At most three decimals.")
    text = serializers.CharField()


class SuggestedSupplierOutput(serializers.Serializer[Any]):
    """How the supplier sells it; the price is that of so many packs."""

    supplier_id = IdField()
    name = serializers.CharField()
    supplier_code = serializers.CharField()
    pack_name = serializers.CharField()
    pack_size = QuantityField()
    pack_unit = serializers.CharField()
    pack_price_minor = serializers.CharField(allow_null=True)


class SuggestionOutput(serializers.Serializer[Any]):
    """What to order of a variant for a location, and why. Quantities are in the item's unit."""

    variant_id = IdField()
    location_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    supplier = SuggestedSupplierOutput(allow_null=True)
    lead_time_days = serializers.IntegerField()
    on_hand = QuantityField()
    reserved = QuantityField()
    in_transit = QuantityField()
    on_order = QuantityField()
    in_drafts = QuantityField(help_text="In orders that were not sent yet; does not count as on order.")
    position = QuantityField(help_text="On hand - reserved + in transit + on order.")
    velocity = QuantityField(help_text="Sold on a day with stock.")
    safety_stock = QuantityField()
    reorder_point = QuantityField()
    order_up_to = QuantityField()
    is_due = serializers.BooleanField()
    needed = QuantityField()
    packs = serializers.IntegerField()
    quantity = QuantityField()
    amount = MoneyField(allow_null=True)
    explanation = FigureOutput(many=True)


class ChosenInput(StrictSerializer):
    """A variant to order; packs and supplier are as suggested unless said."""

    variant_id = IdField()
    packs = QuantityField(positive=True, required=False)
    supplier_id = IdField(required=False)


class ChosenOrdersInput(StrictSerializer):
    """What was chosen of the suggestions."""

    location_id = IdField(required=False, help_text="Needed where there is more than one.")
    lines = ChosenInput(many=True, allow_empty=False, max_length=MAX_CHOSEN)  # type: ignore[call-arg]

    def to_draft(self) -> ChosenDraft:
        """The draft."""
        said = self.validated_data
        return ChosenDraft(
            location_id=said.get("location_id"), lines=tuple(Chosen(**line) for line in said["lines"])
        )


class ChosenOrdersOutput(serializers.Serializer[Any]):
    """The drafts that were made, one for each supplier."""

    items = PurchaseOrderOutput(many=True)
