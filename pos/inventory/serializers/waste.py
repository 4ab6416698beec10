"""Shapes of waste."""

import re
from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import (
    BooleanField,
    DateField,
    IdField,
    QuantityField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from pos.inventory.queries.waste import Reason
from pos.inventory.serializers.costs import CostField
from pos.inventory.services.waste import WasteDraft

MOST_REASONS: Final = 100
_CODE: Final = re.compile(r"[a-z0-9_]{1,40}")


class CodeField(TextField):
    """A code: lower-case letters, digits and underscores."""

    default_error_messages = {"bad_code": "Lower-case letters, digits and underscores are expected."}

    def to_internal_value(self, data: Any) -> str:
        """The code."""
        text = super().to_internal_value(data)
        if not _CODE.fullmatch(text):
            self.fail("bad_code")
        return text


class WasteInput(StrictSerializer):
    """What is thrown away and why; of a dish made to order its ingredients leave stock."""

    location_id = IdField()
    variant_id = IdField()
    quantity = QuantityField()
    unit = TextField(required=False, max_length=20)
    reason_code = TextField(max_length=40)
    note = TextField(required=False, allow_blank=True, max_length=200)
    lot_id = IdField(required=False, allow_null=True)
    at = TimestampField(
        required=False, help_text="When it was, if that was not just now; never in the future."
    )

    def to_draft(self) -> WasteDraft:
        """The frozen input of `record_waste`."""
        return WasteDraft(**self.validated_data)


class WasteReasonInput(StrictSerializer):
    """A reason. `code` stays with what was thrown away for it."""

    code = CodeField(max_length=40)
    name = TextField(max_length=80)
    is_active = BooleanField(required=False)


class WasteReasonsInput(StrictSerializer):
    """The whole list, in its order; an empty one brings the usual list back."""

    reasons = WasteReasonInput(many=True, max_length=MOST_REASONS)  # type: ignore[call-arg]

    def to_draft(self) -> list[Reason]:
        """The frozen input of `save_waste_reasons`."""
        return [Reason(**each) for each in self.validated_data["reasons"]]


class WasteReasonOutput(serializers.Serializer[Any]):
    """A reason."""

    code = serializers.CharField()
    name = serializers.CharField()
    is_active = serializers.BooleanField()


class WasteReasonsOutput(serializers.Serializer[Any]):
    """The list."""

    reasons = WasteReasonOutput(many=True)


class WasteHeadOutput(serializers.Serializer[Any]):
    """What was thrown away."""

    id = IdField()
    location_id = IdField()
    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = QuantityField()
    unit = serializers.CharField()
    reason_code = serializers.CharField()
    note = serializers.CharField()
    by_recipe = serializers.BooleanField(help_text="A dish made to order: its ingredients left stock.")
    employee_id = IdField(allow_null=True)
    at = TimestampField()
    business_date = DateField()


class WastedGoodsOutput(serializers.Serializer[Any]):
    """What left stock."""

    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = QuantityField()
    unit = serializers.CharField()
    lot_id = IdField(allow_null=True)
    value_minor = CostField()


class WasteOutput(WasteHeadOutput):
    """What was thrown away, what left stock for it and what that was worth."""

    value_minor = CostField()
    goods = WastedGoodsOutput(many=True)
    reverted_at = TimestampField(allow_null=True)


class WasteSumOutput(serializers.Serializer[Any]):
    """What was thrown away of one variant for one reason."""

    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    count = serializers.IntegerField()
    quantity = QuantityField()
    value_minor = CostField()


class WasteByReasonOutput(serializers.Serializer[Any]):
    """One reason, and what was thrown away for it, the dearest first."""

    code = serializers.CharField()
    name = serializers.CharField()
    value_minor = CostField()
    goods = WasteSumOutput(many=True)


class WasteReportOutput(serializers.Serializer[Any]):
    """Waste by reason, the dearest first; values in minor units."""

    first_day = DateField()
    last_day = DateField()
    currency = serializers.CharField()
    value_minor = CostField()
    reasons = WasteByReasonOutput(many=True)
