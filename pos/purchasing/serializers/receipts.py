"""Shapes of deliveries, returns and what deliveries cost beyond their price."""

from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import (
    BooleanField,
    ChoiceField,
    DateField,
    IdField,
    ListField,
    MoneyField,
    QuantityField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from pos.inventory.serializers.costs import CostField
from pos.purchasing.drafts import (
    MAX_LINES,
    LandedDraft,
    LandedLineDraft,
    LotDraft,
    ReceiptDraft,
    ReceiptLineDraft,
    ReturnDraft,
    ReturnLineDraft,
)
from pos.purchasing.models.landed import BASES
from pos.purchasing.serializers.fields import AmountField, MomentField

MAX_LOT_CODE: Final = 20
COST_KINDS: Final = ("freight", "duty", "insurance", "handling", "discount", "invoice", "other")


class LotInput(StrictSerializer):
    """A lot of what came, in the unit of its line."""

    code = TextField(max_length=MAX_LOT_CODE)
    quantity = QuantityField(positive=True)
    expires_on = DateField(required=False, allow_null=True)


class ReceiptLineInput(StrictSerializer):
    """What came: of an order's line (`unit`: its pack), or of a variant (`unit`: the item's)."""

    order_line_id = IdField(required=False, allow_null=True)
    variant_id = IdField(required=False, allow_null=True)
    quantity = AmountField()
    unit = TextField(required=False, allow_null=True, max_length=40)
    unit_cost_minor = CostField(required=False, allow_null=True)
    lots = LotInput(many=True, required=False, max_length=50)  # type: ignore[call-arg]
    serials = ListField(child=TextField(max_length=MAX_LOT_CODE), required=False)
    expires_on = DateField(required=False, allow_null=True)
    rejected_quantity = AmountField(required=False)
    reject_reason = TextField(required=False, allow_blank=True, max_length=200)


class OrderReceiptInput(StrictSerializer):
    """A delivery of the order in the address."""

    id = IdField()
    delivery_note = TextField(required=False, allow_blank=True, max_length=60)
    note = TextField(required=False, allow_blank=True, multiline=True, max_length=500)
    received_at = MomentField(required=False, allow_null=True)
    approve_over_receipt = BooleanField(required=False)
    lines = ReceiptLineInput(many=True, min_length=1, max_length=MAX_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> ReceiptDraft:
        """The frozen input of `receive`."""
        values = dict(self.validated_data)
        order_id = self.context["view"].kwargs.get("purchase_id")
        lines = tuple(_line(each) for each in values.pop("lines"))
        return ReceiptDraft(order_id=order_id, lines=lines, **values)


class ReceiptInput(OrderReceiptInput):
    """A delivery without an order."""

    supplier_id = IdField(required=False, allow_null=True)
    location_id = IdField(required=False, allow_null=True)


class LotOutput(serializers.Serializer[Any]):
    """A lot or a serial that came, in the item's unit."""

    code = serializers.CharField()
    kind = serializers.CharField()
    quantity = QuantityField()
    expires_on = DateField(allow_null=True)


class ReceiptLineOutput(serializers.Serializer[Any]):
    """What came of an article, as stated and in the item's unit."""

    id = IdField()
    order_line_id = IdField(allow_null=True)
    variant_id = IdField()
    description = serializers.CharField()
    stated_quantity = QuantityField()
    stated_unit = serializers.CharField()
    quantity = QuantityField()
    unit = serializers.CharField()
    value_minor = CostField(allow_null=True)
    rejected_quantity = QuantityField()
    reject_reason = serializers.CharField()
    lots = LotOutput(many=True)


class ReceiptOutput(serializers.Serializer[Any]):
    """A delivery."""

    id = IdField()
    number = serializers.CharField()
    order_id = IdField(allow_null=True)
    supplier_id = IdField(allow_null=True)
    location_id = IdField()
    currency = serializers.CharField()
    delivery_note = serializers.CharField()
    received_at = TimestampField()
    business_date = DateField()
    received_by = serializers.CharField()
    employee_id = IdField(allow_null=True)
    is_over_receipt_approved = serializers.BooleanField()
    note = serializers.CharField()
    lines = ReceiptLineOutput(many=True)


class SupplierReturnLineInput(StrictSerializer):
    """So much of a delivered line goes back."""

    receipt_line_id = IdField()
    quantity = QuantityField(positive=True)
    unit = TextField(required=False, allow_null=True, max_length=20)
    lot = TextField(required=False, allow_blank=True, max_length=MAX_LOT_CODE)
    reason = TextField(required=False, allow_blank=True, max_length=200)


class SupplierReturnInput(StrictSerializer):
    """Goods that go back to the supplier they came from."""

    id = IdField()
    reference = TextField(required=False, allow_blank=True, max_length=60)
    reason = TextField(required=False, allow_blank=True, max_length=200)
    note = TextField(required=False, allow_blank=True, multiline=True, max_length=500)
    returned_at = MomentField(required=False, allow_null=True)
    lines = SupplierReturnLineInput(many=True, min_length=1, max_length=MAX_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> ReturnDraft:
        """The frozen input of `send_back`."""
        values = dict(self.validated_data)
        lines = tuple(ReturnLineDraft(**each) for each in values.pop("lines"))
        return ReturnDraft(lines=lines, **values)


class SupplierReturnLineOutput(serializers.Serializer[Any]):
    """What went back; `value_minor` is what it had cost."""

    id = IdField()
    receipt_line_id = IdField()
    variant_id = IdField()
    description = serializers.CharField()
    quantity = QuantityField()
    unit = serializers.CharField()
    value_minor = CostField(allow_null=True)
    reason = serializers.CharField()


class SupplierReturnOutput(serializers.Serializer[Any]):
    """Goods that went back."""

    id = IdField()
    number = serializers.CharField()
    supplier_id = IdField(allow_null=True)
    location_id = IdField()
    currency = serializers.CharField()
    reference = serializers.CharField()
    reason = serializers.CharField()
    returned_at = TimestampField()
    business_date = DateField()
    returned_by = serializers.CharField()
    employee_id = IdField(allow_null=True)
    note = serializers.CharField()
    lines = SupplierReturnLineOutput(many=True)


class LandedLineInput(StrictSerializer):
    """A delivered line that bears a cost. `unit_cost_minor` is what a received unit was invoiced at."""

    receipt_line_id = IdField()
    weight = AmountField(required=False, allow_null=True)
    share_minor = CostField(required=False, allow_null=True)
    unit_cost_minor = CostField(required=False, allow_null=True)


class LandedCostInput(StrictSerializer):
    """A cost of deliveries. `amount` is shared by value, weight or quantity; with basis `stated` lines say it."""

    id = IdField()
    kind = ChoiceField(choices=COST_KINDS)
    basis = ChoiceField(choices=BASES)
    amount = MoneyField(required=False, allow_null=True, allow_negative=True)
    receipt_ids = ListField(child=IdField(), required=False, max_length=50)
    lines = LandedLineInput(many=True, required=False, max_length=MAX_LINES)  # type: ignore[call-arg]
    reference = TextField(required=False, allow_blank=True, max_length=60)
    note = TextField(required=False, allow_blank=True, multiline=True, max_length=500)

    def to_draft(self) -> LandedDraft:
        """The frozen input of `land_cost`."""
        values = dict(self.validated_data)
        lines = tuple(LandedLineDraft(**each) for each in values.pop("lines", ()))
        receipt_ids = tuple(values.pop("receipt_ids", ()))
        return LandedDraft(lines=lines, receipt_ids=receipt_ids, **values)


class LandedCostRevertInput(StrictSerializer):
    """The key of what takes it back."""

    id = IdField()

    def to_draft(self) -> Any:
        """The key."""
        return self.validated_data["id"]


class LandedShareOutput(serializers.Serializer[Any]):
    """What a purchase movement bears of it."""

    receipt_line_id = IdField()
    movement_id = IdField()
    basis_quantity = QuantityField(allow_null=True)
    share_minor = serializers.CharField(
        help_text="Minor units with decimals; below zero where it takes back."
    )


class LandedCostOutput(serializers.Serializer[Any]):
    """A cost of deliveries and who bears what of it."""

    id = IdField()
    kind = serializers.CharField()
    basis = serializers.ChoiceField(choices=BASES)
    amount_minor = serializers.CharField()
    currency = serializers.CharField()
    reference = serializers.CharField()
    note = serializers.CharField()
    at = TimestampField()
    by = serializers.CharField()
    employee_id = IdField(allow_null=True)
    reverts_id = IdField(allow_null=True)
    reverted_by_id = IdField(allow_null=True)
    shares = LandedShareOutput(many=True)


def _line(values: dict[str, Any]) -> ReceiptLineDraft:
    lots = tuple(LotDraft(**each) for each in values.pop("lots", ()))
    serials = tuple(values.pop("serials", ()))
    if values.get("rejected_quantity") is None:
        values.pop("rejected_quantity", None)
    return ReceiptLineDraft(lots=lots, serials=serials, **values)
