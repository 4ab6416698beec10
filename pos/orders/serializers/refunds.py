"""Shapes of refunds."""

import json
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from rest_framework import serializers

from fynlo.api.fields import (
    ChoiceField,
    DateField,
    IdField,
    MoneyField,
    QuantityField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from payments.gateways.serializers import GatewayRefundOutput
from pos.orders.drafts import MAX_REASON
from pos.orders.models.refunds import GOODS, REFUND_KINDS
from pos.orders.queries.refunds import with_providers
from pos.orders.refund_drafts import (
    LooseLineDraft,
    LooseRefundDraft,
    RefundDraft,
    RefundLineDraft,
    RefundTenderDraft,
)
from pos.orders.serializers.outputs import (
    FlagOutput,
    ForeignToldOutput,
    OrderEmployeeOutput,
    OrderPlaceOutput,
    StoredValueToldOutput,
)
from pos.orders.serializers.tenders import ValueTenderInput
from pos.pricing.limits import MAX_LINES
from pos.registers.serializers import MoneyInAnyCurrency

MAX_TENDERS: Final = 50
_GOODS: Final = [(where, where) for where in GOODS]


class RefundLineInput(StrictSerializer):
    """So much of a line of the order."""

    order_line_id = IdField()
    quantity = QuantityField(positive=True, help_text="Whole for what is sold by the piece.")
    goods = ChoiceField(
        choices=_GOODS,
        required=False,
        help_text="Where they went: onto the shelf (`restock`, unless said), into the bin, or nowhere.",
    )
    lot_id = IdField(required=False, help_text="Which lot they are of, if it is known.")


class RefundTenderInput(ValueTenderInput):
    """What is handed out."""

    id = IdField(help_text="Made by the till.")
    tender_type = TextField(max_length=20, help_text="Code of a way to pay, such as `cash`.")
    amount: Any = MoneyField(help_text="What the guest gets.")


class AnyRefundInput(MoneyInAnyCurrency):
    """What refunds of all kinds have in common."""

    reason = TextField(required=False, max_length=MAX_REASON)
    tenders = RefundTenderInput(  # type: ignore[call-arg]
        many=True,
        required=False,
        max_length=MAX_TENDERS,
        help_text="How it is given back; the way it came unless said, the latest payment first, cash last.",
    )
    approval = TextField(required=False, max_length=200, help_text="The token of an approval.")
    at = TimestampField(required=False, help_text="When it happened, if it has happened already.")
    drawer_id = IdField(required=False, help_text="Another drawer than the register's own.")


def refund_values(validated: dict[str, Any]) -> dict[str, Any]:
    """The members of a refund's draft, tenders and lines frozen."""
    values = dict(validated)
    values["tenders"] = tuple(RefundTenderDraft(**tender) for tender in values.get("tenders", ()))
    return values


class OrderRefundInput(AnyRefundInput):
    """Goods of an order, money without goods, the tip."""

    lines = RefundLineInput(many=True, required=False, max_length=MAX_LINES)  # type: ignore[call-arg]
    amount = MoneyField(
        required=False, help_text="Money without goods, taken from what is left of every line."
    )
    tip = MoneyField(required=False, help_text="What of the tip goes back.")


class RefundInput(OrderRefundInput):
    """A refund of an order."""

    id = IdField(help_text="Made by the till. The same refund may be sent again, by any till.")

    def to_draft(self) -> Callable[[UUID], RefundDraft]:
        """The frozen input of `refund_order`, once the order is known."""
        values = refund_values(self.validated_data)
        lines = tuple(RefundLineDraft(**line) for line in values.pop("lines", ()))

        def of(order_id: UUID) -> RefundDraft:
            return RefundDraft(order_id=order_id, lines=lines, **values)

        return of


class LooseLineInput(StrictSerializer):
    """Goods without a receipt."""

    variant_id = IdField()
    quantity = QuantityField(positive=True, help_text="Whole for what is sold by the piece.")
    unit_price = MoneyField(required=False, help_text="What it is worth; what it costs now unless said.")
    goods = ChoiceField(choices=_GOODS, required=False, help_text="`restock` unless said.")


class LooseRefundInput(AnyRefundInput):
    """A refund without a receipt."""

    id = IdField(help_text="Made by the till. The same refund may be sent again, by any till.")
    lines = LooseLineInput(many=True, max_length=MAX_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> LooseRefundDraft:
        """The frozen input of `refund_without_receipt`."""
        values = refund_values(self.validated_data)
        lines = tuple(LooseLineDraft(**line) for line in values.pop("lines"))
        return LooseRefundDraft(lines=lines, **values)


class RefundTaxOutput(serializers.Serializer[Any]):
    """A tax that goes back."""

    code = serializers.CharField()
    name = serializers.CharField()
    rate = QuantityField()
    per_unit = MoneyField(allow_null=True)
    is_inclusive = serializers.BooleanField()
    net = MoneyField(allow_negative=True)
    tax = MoneyField(allow_negative=True)


class RefundLineOutput(serializers.Serializer[Any]):
    """What goes back of a line. `left` of it has not gone back yet."""

    order_line_id = IdField(allow_null=True)
    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = QuantityField()
    left = QuantityField()
    goods = serializers.ChoiceField(choices=GOODS)
    taxes = RefundTaxOutput(many=True)
    net = MoneyField(allow_negative=True)
    tax = MoneyField(allow_negative=True)
    total = MoneyField()


class RefundTenderOutput(serializers.Serializer[Any]):
    """Money that goes back: `amount` of the payment, of which `given` is handed out."""

    id = IdField()
    payment_id = IdField(allow_null=True)
    tender_type = serializers.CharField()
    name = serializers.CharField()
    amount = MoneyField()
    given = MoneyField()
    rounding = MoneyField(allow_negative=True)
    last4 = serializers.CharField(allow_null=True)
    reference = serializers.CharField(allow_null=True)
    house_account = serializers.CharField(allow_null=True)
    stored_value = StoredValueToldOutput(allow_null=True)
    foreign = ForeignToldOutput(allow_null=True, help_text="Which notes of another currency are handed out.")
    provider = GatewayRefundOutput(
        allow_null=True, help_text="What became of it by now at the provider that gives it back."
    )


class RefundExchangeOutput(serializers.Serializer[Any]):
    """What the goods were exchanged for."""

    order_id = IdField()


class RefundListSerializer(serializers.ListSerializer[Any]):
    """A page of refunds, each as it was answered, with what became of its money at providers."""

    def to_representation(self, data: Any) -> list[Any]:
        """The documents, in the order of the page."""
        return with_providers([json.loads(refund.document) for refund in data])


class RefundOutput(serializers.Serializer[Any]):
    """A refund, whole. Amounts are above zero: they go to the guest."""

    class Meta:
        list_serializer_class = RefundListSerializer

    id = IdField()
    order_id = IdField(allow_null=True)
    order_reference = serializers.CharField(allow_null=True)
    order_receipt = serializers.CharField(allow_null=True)
    kind = serializers.ChoiceField(choices=REFUND_KINDS)
    number = serializers.IntegerField(help_text="Dense per register, in one series with receipts.")
    reference = serializers.CharField(help_text="What people read: `K1-R13`.")
    register = OrderPlaceOutput()
    location = OrderPlaceOutput()
    session_id = IdField(allow_null=True)
    device_id = IdField(allow_null=True)
    employee = OrderEmployeeOutput(allow_null=True)
    approver = OrderEmployeeOutput(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    at = TimestampField()
    recorded_at = TimestampField()
    business_date = DateField()
    lines = RefundLineOutput(many=True)
    service_charge = MoneyField(
        allow_negative=True, help_text="What of the service charges goes with the goods."
    )
    goodwill = MoneyField(help_text="What of the total is not for goods that came back.")
    taxes = RefundTaxOutput(many=True)
    net = MoneyField(allow_negative=True)
    tax = MoneyField(allow_negative=True)
    total = MoneyField()
    tip = MoneyField()
    amount = MoneyField(help_text="All that goes back.")
    rounding = MoneyField(allow_negative=True, help_text="What of it is not handed out, as cash is rounded.")
    given = MoneyField(help_text="What the guest gets.")
    tenders = RefundTenderOutput(many=True)
    stock_return_id = IdField(allow_null=True)
    exchange = RefundExchangeOutput(allow_null=True)
    flags = FlagOutput(many=True)
    receipt = serializers.CharField()


class OrderRefundsOutput(serializers.Serializer[Any]):
    """All refunds of an order."""

    items = RefundOutput(many=True)


class LineLeftOutput(serializers.Serializer[Any]):
    """What is left of a line, and what it would give back."""

    order_line_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = QuantityField()
    refunded = QuantityField()
    left = QuantityField()
    refundable = MoneyField()


class PaymentLeftOutput(serializers.Serializer[Any]):
    """What is left of a payment."""

    payment_id = IdField()
    tender_type = serializers.CharField()
    paid = MoneyField()
    refunded = MoneyField()
    disputed = MoneyField(help_text="What the guest's bank took back already, or is about to.")
    left = MoneyField()


class RefundableOutput(serializers.Serializer[Any]):
    """What of an order may still go back."""

    order_id = IdField()
    payment_state = serializers.CharField()
    total = MoneyField(help_text="Of what was sold, service charges included.")
    tip = MoneyField()
    service_charge = MoneyField(allow_negative=True)
    paid = MoneyField()
    refunded = MoneyField()
    left = MoneyField(help_text="Of what was paid.")
    lines = LineLeftOutput(many=True)
    payments = PaymentLeftOutput(many=True)
