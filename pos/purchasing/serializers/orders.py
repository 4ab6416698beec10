"""Shapes of orders to suppliers."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import (
    DateField,
    IdField,
    ListField,
    QuantityField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from pos.inventory.serializers.costs import CostField
from pos.purchasing import states
from pos.purchasing.drafts import (
    MAX_LINES,
    Confirmation,
    ConfirmedLine,
    EmailDraft,
    OrderDraft,
    OrderLineDraft,
)
from pos.purchasing.serializers.fields import AmountField, EmailField


class OrderLineInput(StrictSerializer):
    """An article: what is not said is taken from how the supplier sells it."""

    id = IdField(required=False)
    variant_id = IdField()
    packs = QuantityField(positive=True)
    supplier_code = TextField(required=False, allow_blank=True, allow_null=True, max_length=60)
    pack_name = TextField(required=False, allow_blank=True, allow_null=True, max_length=40)
    pack_size = QuantityField(required=False, allow_null=True, positive=True)
    pack_unit = TextField(required=False, allow_null=True, max_length=20)
    pack_price_minor = CostField(required=False, allow_null=True)
    note = TextField(required=False, allow_blank=True, max_length=200)


class PurchaseOrderChangeInput(StrictSerializer):
    """A draft of an order, whole."""

    supplier_id = IdField()
    location_id = IdField()
    expected_on = DateField(required=False, allow_null=True)
    note = TextField(required=False, allow_blank=True, multiline=True, max_length=500)
    lines = OrderLineInput(many=True, min_length=1, max_length=MAX_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> OrderDraft:
        """The frozen input, under the id of the address or of the body."""
        values = dict(self.validated_data)
        key = values.pop("id", None) or self.context["view"].kwargs["purchase_id"]
        lines = tuple(OrderLineDraft(**line) for line in values.pop("lines"))
        return OrderDraft(id=key, lines=lines, **values)


class PurchaseOrderInput(PurchaseOrderChangeInput):
    """A new draft under an id of the caller's."""

    id = IdField()


class ConfirmedLineInput(StrictSerializer):
    """What will come of a line, in the item's unit."""

    line_id = IdField()
    quantity = AmountField(required=False, allow_null=True)
    expected_on = DateField(required=False, allow_null=True)


class ConfirmationInput(StrictSerializer):
    """The supplier's answer."""

    supplier_reference = TextField(required=False, allow_blank=True, max_length=60)
    expected_on = DateField(required=False, allow_null=True)
    lines = ConfirmedLineInput(many=True, required=False, max_length=MAX_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> Confirmation:
        """The frozen input of `confirm_order`."""
        values = dict(self.validated_data)
        lines = tuple(ConfirmedLine(**line) for line in values.pop("lines", ()))
        return Confirmation(lines=lines, **values)


class ReasonInput(StrictSerializer):
    """Why."""

    reason = TextField(required=False, allow_blank=True, max_length=200)

    def to_draft(self) -> str:
        """The reason, or nothing."""
        return str(self.validated_data.get("reason", ""))


class EmailInput(StrictSerializer):
    """To whom; without `recipient`, the supplier's address. A new `id` sends it again."""

    id = IdField()
    recipient = EmailField(required=False, allow_null=True)
    copies = ListField(child=EmailField(), required=False, max_length=5)
    text = TextField(required=False, allow_blank=True, multiline=True, max_length=2000)

    def to_draft(self) -> EmailDraft:
        """The frozen input of `queue_email`."""
        values = dict(self.validated_data)
        copies = tuple(values.pop("copies", ()))
        return EmailDraft(copies=copies, **values)


class PurchaseOrderLineOutput(serializers.Serializer[Any]):
    """An article ordered; `quantity`, `confirmed_quantity`, `received_quantity`, `open_quantity` in `unit`."""

    id = IdField()
    variant_id = IdField()
    description = serializers.CharField()
    sku = serializers.CharField()
    supplier_code = serializers.CharField()
    packs = QuantityField()
    pack_name = serializers.CharField()
    pack_size = QuantityField()
    pack_unit = serializers.CharField()
    pack_price_minor = CostField(allow_null=True)
    amount_minor = serializers.IntegerField(allow_null=True)
    quantity = QuantityField()
    unit = serializers.CharField()
    confirmed_quantity = QuantityField(allow_null=True)
    confirmed_on = DateField(allow_null=True)
    received_quantity = QuantityField()
    open_quantity = QuantityField()
    note = serializers.CharField()


class PurchaseStepOutput(serializers.Serializer[Any]):
    """What somebody did with an order, or what became of a letter."""

    step = serializers.CharField()
    state = serializers.ChoiceField(choices=states.ORDER.states)
    at = TimestampField()
    by = serializers.CharField()
    employee_id = IdField(allow_null=True)
    detail = serializers.CharField()
    document_id = IdField(allow_null=True)


class PurchaseEmailOutput(serializers.Serializer[Any]):
    """A letter to a supplier."""

    id = IdField()
    state = serializers.ChoiceField(choices=states.EMAIL.states)
    recipient = serializers.CharField()
    copies = serializers.ListField(child=serializers.CharField())
    queued_at = TimestampField()
    queued_by = serializers.CharField()
    sent_at = TimestampField(allow_null=True)
    attempts = serializers.IntegerField()
    reason = serializers.CharField(help_text="Why it failed, or failed so far.")


class PurchaseOrderSummaryOutput(serializers.Serializer[Any]):
    """An order in a list."""

    id = IdField()
    number = serializers.CharField()
    supplier_id = IdField()
    supplier_name = serializers.CharField()
    location_id = IdField()
    state = serializers.ChoiceField(choices=states.ORDER.states)
    currency = serializers.CharField()
    expected_on = DateField(allow_null=True)
    created_at = TimestampField()
    sent_at = TimestampField(allow_null=True)
    confirmed_at = TimestampField(allow_null=True)
    received_at = TimestampField(allow_null=True)
    cancelled_at = TimestampField(allow_null=True)


class PurchaseOrderOutput(PurchaseOrderSummaryOutput):
    """An order with its lines and its history."""

    supplier_reference = serializers.CharField()
    note = serializers.CharField()
    lines = PurchaseOrderLineOutput(many=True)
    total_minor = serializers.IntegerField()
    steps = PurchaseStepOutput(many=True)
    emails = PurchaseEmailOutput(many=True)
    receipt_ids = serializers.ListField(child=IdField())
