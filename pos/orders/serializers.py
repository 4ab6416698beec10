"""Shapes of orders and quotes: input ends in a frozen draft, output is described for the documentation.

What is answered is built by `pos.orders.documents`, the same for the API and the feed; a test keeps both alike.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fynlo.api.fields import (
    DateField,
    IdField,
    MoneyField,
    QuantityField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from pos.orders import states
from pos.orders.documents import order_document
from pos.orders.drafts import LineDraft, OrderDraft, TenderDraft
from pos.orders.queries import whole_orders
from pos.pricing.limits import MAX_LINES
from pos.registers.serializers import MoneyInAnyCurrency

MAX_TENDERS: Final = 50
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


class OrderLineInput(StrictSerializer):
    """One thing sold. The price is the catalogue's; `expected_unit_price` is compared with it."""

    id = IdField(help_text="Made by the till.")
    variant_id = IdField()
    quantity = QuantityField(help_text="Above zero; whole for what is sold by the piece.")
    expected_unit_price = MoneyField(required=False, help_text="What the till showed; compared, never used.")


class OrderTenderInput(StrictSerializer):
    """What the guest handed over, before any change."""

    id = IdField(help_text="Made by the till; becomes the payment's id.")
    tender_type = TextField(max_length=20, help_text="Code of a way to pay, such as `cash`.")
    amount = MoneyField(help_text="Above zero. What cash is more than the total goes back as change.")


class OrderInput(MoneyInAnyCurrency):
    """A sale, as the till tells it."""

    id = IdField(help_text="Made by the till. The same order may be sent again, by any till.")
    placed_at = TimestampField(required=False, help_text="When it happened, if that was not just now.")
    lines = OrderLineInput(many=True, max_length=MAX_LINES)  # type: ignore[call-arg]
    tenders = OrderTenderInput(  # type: ignore[call-arg]
        many=True, max_length=MAX_TENDERS, help_text="May be less than the total."
    )
    expected_total = MoneyField(required=False, help_text="What the till showed; compared, never used.")
    expected_tax = MoneyField(required=False, help_text="What the till showed; compared, never used.")

    def validate_placed_at(self, value: dt.datetime) -> dt.datetime:
        """Times that no shop has seen are mistakes of a program."""
        if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            raise serializers.ValidationError(
                f"A time from {_FIRST_YEAR} to {_LAST_YEAR} is expected.", code="out_of_range"
            )
        return value

    def to_draft(self) -> OrderDraft:
        """The frozen input of `place_order`."""
        values = dict(self.validated_data)
        lines = tuple(LineDraft(**line) for line in values.pop("lines"))
        tenders = tuple(TenderDraft(**tender) for tender in values.pop("tenders"))
        return OrderDraft(lines=lines, tenders=tenders, **values)


class QuoteLine(NamedTuple):
    """A variant and how much of it; `id` comes back as it was given."""

    id: UUID | None
    variant_id: UUID
    quantity: Decimal


class QuoteLineInput(StrictSerializer):
    """A variant and how much of it."""

    id = IdField(required=False, help_text="Comes back in the answer.")
    variant_id = IdField()
    quantity = QuantityField(help_text="Above zero; whole for what is sold by the piece.")


class QuoteInput(StrictSerializer):
    """What somebody wants to buy."""

    lines = QuoteLineInput(many=True, max_length=MAX_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> list[QuoteLine]:
        """The lines."""
        lines = self.validated_data["lines"]
        return [QuoteLine(line.get("id"), line["variant_id"], line["quantity"]) for line in lines]


class OrderPlaceOutput(serializers.Serializer[Any]):
    """A register or a location, by its key and the code people read."""

    id = IdField()
    code = serializers.CharField()


class OrderEmployeeOutput(serializers.Serializer[Any]):
    """Who was signed in."""

    id = IdField()
    name = serializers.CharField()


class OrderLineOutput(serializers.Serializer[Any]):
    """A line, with the names, price and tax of the moment it was sold."""

    id = IdField()
    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = QuantityField()
    unit_price = MoneyField()
    tax_class = serializers.CharField()
    tax_rate = QuantityField(help_text="A fraction: 0.19 is nineteen per cent.")
    is_tax_inclusive = serializers.BooleanField()
    net = MoneyField()
    tax = MoneyField()
    total = MoneyField()


class QuoteLineOutput(OrderLineOutput):
    """A line of a quote; `id` is null unless one was given."""

    id = IdField(allow_null=True)


class OrderTaxOutput(serializers.Serializer[Any]):
    """One tax class of an order: the base, the tax, and both together."""

    tax_class = serializers.CharField()
    name = serializers.CharField()
    rate = QuantityField()
    is_inclusive = serializers.BooleanField()
    net = MoneyField()
    tax = MoneyField()
    total = MoneyField()


class PaymentOutput(serializers.Serializer[Any]):
    """A payment: what was handed over, what of it pays, what went back."""

    id = IdField()
    tender_type = serializers.CharField()
    name = serializers.CharField()
    amount = MoneyField()
    tendered = MoneyField()
    change = MoneyField()


class PricingOutput(serializers.Serializer[Any]):
    """How the sum was computed; a till that computes the same gets the same digest."""

    engine = serializers.CharField()
    rounding = serializers.CharField()
    digest = serializers.CharField()


@extend_schema_field(
    {
        "type": "object",
        "required": ["code", "pointer"],
        "properties": {
            "code": {
                "type": "string",
                "description": "`price_mismatch`, `inactive_item`, `inactive_tender_type`, `negative_stock`, "
                "`no_open_session`, `clock_skew`; more may follow.",
            },
            "pointer": {"type": "string", "description": "JSON pointer into the order as it was sent."},
        },
        "additionalProperties": True,
    }
)
class FlagOutput(serializers.Serializer[Any]):
    """Something a person should look at; the sale is kept as it happened."""


class QuoteOutput(serializers.Serializer[Any]):
    """What a basket costs right now."""

    lines = QuoteLineOutput(many=True)
    taxes = OrderTaxOutput(many=True)
    net = MoneyField()
    tax = MoneyField()
    total = MoneyField()
    flags = FlagOutput(many=True)
    pricing = PricingOutput()


class OrderListSerializer(serializers.ListSerializer[Any]):
    """A page of orders, each whole, in three statements more than the page itself."""

    def to_representation(self, data: Any) -> list[Any]:
        """The documents, in the order of the page."""
        return [order_document(whole) for whole in whole_orders(orders=list(data))]


class OrderOutput(serializers.Serializer[Any]):
    """An order, whole: the same in answers, lists and the feed."""

    class Meta:
        list_serializer_class = OrderListSerializer

    id = IdField()
    number = serializers.IntegerField(help_text="Dense per register.")
    reference = serializers.CharField(help_text="What people read: register and number.")
    register = OrderPlaceOutput()
    location = OrderPlaceOutput()
    session_id = IdField(allow_null=True, help_text="The drawer session it belongs to.")
    device_id = IdField(allow_null=True)
    employee = OrderEmployeeOutput(allow_null=True)
    fulfilment_state = serializers.ChoiceField(choices=states.FULFILMENT.states)
    payment_state = serializers.ChoiceField(choices=states.PAYMENT.states)
    placed_at = TimestampField()
    business_date = DateField()
    lines = OrderLineOutput(many=True)
    taxes = OrderTaxOutput(many=True)
    payments = PaymentOutput(many=True)
    net = MoneyField()
    tax = MoneyField()
    total = MoneyField()
    paid = MoneyField()
    due = MoneyField()
    change = MoneyField()
    flags = FlagOutput(many=True)
    pricing = PricingOutput()
    receipt = serializers.CharField(help_text="Where the receipt is.")
