"""Shapes of how stock is kept."""

from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import (
    BooleanField,
    ChoiceField,
    IdField,
    IntegerField,
    QuantityField,
    StrictSerializer,
)
from pos.inventory.models.settings import COST_METHODS, TRACKING
from pos.inventory.policies import POLICIES
from pos.inventory.services.settings import ItemSettingsDraft, SettingsDraft, TargetDraft

_QUANTITIES: Final = ("reorder_point", "par_level", "maximum", "safety_stock")
MOST_TARGETS: Final = 1000


class StockSettingsInput(StrictSerializer):
    """The rules of the house, whole."""

    cost_method = ChoiceField(choices=COST_METHODS)
    default_policy = ChoiceField(choices=POLICIES)
    over_receipt_percent = QuantityField(places=2)
    count_variance_limit_minor = IntegerField(allow_null=True)
    expiry_alert_days = IntegerField()
    dead_after_days = IntegerField()
    default_lead_time_days = IntegerField()

    def to_draft(self) -> SettingsDraft:
        """The frozen input of `save_stock_settings`."""
        return SettingsDraft(**self.validated_data)


class StockSettingsOutput(serializers.Serializer[Any]):
    """The rules of the house."""

    cost_method = serializers.ChoiceField(choices=COST_METHODS)
    default_policy = serializers.ChoiceField(choices=POLICIES)
    over_receipt_percent = QuantityField()
    count_variance_limit_minor = serializers.IntegerField(allow_null=True, help_text="Null: no limit.")
    expiry_alert_days = serializers.IntegerField()
    dead_after_days = serializers.IntegerField()
    default_lead_time_days = serializers.IntegerField()


class StockItemInput(StrictSerializer):
    """How stock of an item is kept, whole."""

    policy = ChoiceField(choices=POLICIES, allow_null=True)
    tracking = ChoiceField(choices=TRACKING)
    shelf_life_days = IntegerField(allow_null=True)
    stops_when_out = BooleanField()

    def to_draft(self) -> ItemSettingsDraft:
        """The frozen input of `save_stock_item`."""
        values = self.validated_data
        return ItemSettingsDraft(**{**values, "policy": values["policy"] or ""})


class StockItemOutput(serializers.Serializer[Any]):
    """How stock of an item is kept."""

    id = IdField()
    item_id = IdField()
    name = serializers.CharField()
    category_id = IdField()
    unit = serializers.CharField()
    policy = serializers.ChoiceField(choices=POLICIES, allow_null=True, help_text="Null: the default.")
    policy_in_force = serializers.ChoiceField(choices=POLICIES)
    tracking = serializers.ChoiceField(choices=TRACKING)
    shelf_life_days = serializers.IntegerField(allow_null=True)
    stops_when_out = serializers.BooleanField()


class StockTargetInput(StrictSerializer):
    """What should be on the shelf of a variant at a location; nothing said takes the target away."""

    variant_id = IdField()
    location_id = IdField()
    reorder_point = QuantityField(required=False, allow_null=True)
    par_level = QuantityField(required=False, allow_null=True)
    maximum = QuantityField(required=False, allow_null=True)
    safety_stock = QuantityField(required=False, allow_null=True)
    lead_time_days = IntegerField(required=False, allow_null=True)


class StockTargetsInput(StrictSerializer):
    """One target or many."""

    targets = StockTargetInput(many=True, min_length=1, max_length=MOST_TARGETS)  # type: ignore[call-arg]

    def to_draft(self) -> list[TargetDraft]:
        """The frozen input of `save_stock_targets`."""
        return [TargetDraft(**values) for values in self.validated_data["targets"]]


class StockTargetOutput(serializers.Serializer[Any]):
    """What should be on the shelf of a variant at a location."""

    id = IdField()
    variant_id = IdField()
    location_id = IdField()
    sku = serializers.CharField()
    reorder_point = QuantityField(allow_null=True)
    par_level = QuantityField(allow_null=True)
    maximum = QuantityField(allow_null=True)
    safety_stock = QuantityField(allow_null=True)
    lead_time_days = serializers.IntegerField(allow_null=True)


class StockTargetsOutput(serializers.Serializer[Any]):
    """What holds now of the targets that were sent."""

    items = StockTargetOutput(many=True)
