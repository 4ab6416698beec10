"""What is answered: orders and quotes. Members are described here for the documentation; a test compares."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, MoneyField, QuantityField, TimestampField
from pos.orders import states
from pos.orders.documents import order_document
from pos.orders.queries import whole_orders
from pos.orders.serializers.explanations import ExplanationOutput
from pos.orders.serializers.line_outputs import OrderLineOutput, QuoteLineOutput, ReasonedMomentOutput


class OrderPlaceOutput(serializers.Serializer[Any]):
    """A register or a location, by its key and the code people read."""

    id = IdField()
    code = serializers.CharField()


class OrderEmployeeOutput(serializers.Serializer[Any]):
    """Who was signed in."""

    id = IdField()
    name = serializers.CharField()


class OrderOwnerOutput(serializers.Serializer[Any]):
    """Whose order it is: who looks after the guest, and the device it was opened on."""

    employee = OrderEmployeeOutput(allow_null=True)
    device_id = IdField(allow_null=True)


class OrderEditingOutput(serializers.Serializer[Any]):
    """Who changed an order last: a hint for others, not a lock."""

    employee_id = IdField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    device_id = IdField(allow_null=True)
    at = TimestampField()


class OrderContextOutput(serializers.Serializer[Any]):
    """For whom and how it was sold: what prices and taxes may depend on."""

    order_type = serializers.ChoiceField(choices=states.ORDER_TYPES, allow_null=True)
    channel = serializers.CharField(allow_null=True)
    customer_group = serializers.CharField(allow_null=True)
    exempt = serializers.BooleanField()
    destination = serializers.CharField(allow_null=True)
    covers = serializers.IntegerField()
    coupons = serializers.ListField(child=serializers.CharField())
    waived_charges = serializers.ListField(child=IdField())


class AllocationOutput(serializers.Serializer[Any]):
    """What one line got of a discount."""

    line_id = IdField()
    amount = MoneyField()


class OrderDiscountOutput(serializers.Serializer[Any]):
    """A discount: of a line or the order, given by hand, or a promotion. The allocations add up to it."""

    kind = serializers.ChoiceField(choices=("line", "promotion", "order"))
    id = IdField()
    name = serializers.CharField()
    amount = MoneyField()
    allocations = AllocationOutput(many=True)


class OrderChargeOutput(serializers.Serializer[Any]):
    """A service charge; `amount` is as it is shown, with the tax where it contains it."""

    id = IdField()
    name = serializers.CharField()
    phase = serializers.ChoiceField(choices=("before_tax", "after_tax"))
    amount = MoneyField()
    net = MoneyField()
    tax = MoneyField()
    total = MoneyField()


class OrderTaxOutput(serializers.Serializer[Any]):
    """One tax of an order: the base, the tax, and both together. `tax_class` is its code, too."""

    tax_class = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    rate = QuantityField()
    per_unit = MoneyField(allow_null=True)
    is_inclusive = serializers.BooleanField()
    net = MoneyField()
    tax = MoneyField()
    total = MoneyField()


class StoredValueToldOutput(serializers.Serializer[Any]):
    """A gift card or a store credit, as far as a receipt tells it."""

    id = IdField()
    last4 = serializers.CharField()


class ForeignToldOutput(serializers.Serializer[Any]):
    """Notes of another currency, and the rate they were taken (or given) at: own money for one of theirs."""

    amount: Any = MoneyField(any_currency=True)
    rate = serializers.CharField(allow_null=True)


class PaymentOutput(serializers.Serializer[Any]):
    """A payment: what was handed over, what of it pays, what went back, and what cash rounding gave."""

    id = IdField()
    tender_type = serializers.CharField()
    name = serializers.CharField()
    amount = MoneyField()
    tendered = MoneyField()
    change = MoneyField()
    rounding = MoneyField(allow_negative=True)
    last4 = serializers.CharField(allow_null=True, help_text="Of the card, as its reader told them.")
    reference = serializers.CharField(allow_null=True)
    house_account = serializers.CharField(allow_null=True, help_text="Whose account it went on.")
    stored_value = StoredValueToldOutput(
        allow_null=True, help_text="The gift card or the store credit it was taken from."
    )
    foreign = ForeignToldOutput(allow_null=True, help_text="Which notes of another currency they were.")


class PricingOutput(serializers.Serializer[Any]):
    """How the sum was computed; a till that computes the same gets the same digest."""

    engine = serializers.CharField()
    rounding = serializers.CharField()
    digest = serializers.CharField()


class FlagOutput(serializers.Serializer[Any]):
    """Something a person should look at; the sale is kept as it happened. Further members depend on the code."""

    code = serializers.CharField(
        help_text="`price_mismatch`, `unknown_price_book`, `superseded_price_book`, `price_book_too_old`, "
        "`inactive_item`, `removed_item`, `unapproved_exemption`, `placed_earlier`, `paid_earlier`, `due_changed`, "
        "`inactive_modifier`, `stopped_item`, `expired`, `unapproved_discount`, `unapproved_price`, "
        "`inactive_tender_type`, `payment_id_conflict`, `paid_beside_attempt`, `tip_large`, "
        "`payment_disputed`, "
        "`house_limit_exceeded`, `house_account_inactive`, "
        "`gift_card_unknown`, `gift_card_blocked`, `gift_card_expired`, `gift_card_short`, "
        "`gift_card_pin_unchecked`, "
        "`negative_stock`, `backordered`, `sold_out_of_stock`, "
        "`reservation_not_held`, `no_open_session`, `clock_skew`, and what is wrong with "
        "choices (`group_below_min` …); more may follow."
    )
    pointer = serializers.CharField(help_text="JSON pointer into the order as it was sent.")


class QuoteOutput(serializers.Serializer[Any]):
    """What a basket costs. `explanation` is there when it was asked for."""

    price_book = IdField()
    context = OrderContextOutput()  # type: ignore[assignment]  # declared fields leave the class
    note = serializers.CharField(allow_null=True)
    kitchen_note = serializers.CharField(allow_null=True)
    internal_note = serializers.CharField(allow_null=True)
    lines = QuoteLineOutput(many=True)
    discounts = OrderDiscountOutput(many=True)
    service_charges = OrderChargeOutput(many=True)
    taxes = OrderTaxOutput(many=True)
    discount = MoneyField()
    service_charge = MoneyField()
    net = MoneyField()
    tax = MoneyField()
    total = MoneyField()
    tip = MoneyField()
    payable = MoneyField()
    flags = FlagOutput(many=True)
    pricing = PricingOutput()
    explanation = ExplanationOutput(required=False)


class OrderExchangeOutput(serializers.Serializer[Any]):
    """The refund of the goods that this order was exchanged for."""

    refund_id = IdField()


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
    reference = serializers.CharField(
        help_text="What people read: register and number; `K1-T3` for practice."
    )
    is_training = serializers.BooleanField(help_text="For practice, and in no books.")
    receipt_number = serializers.IntegerField(
        allow_null=True, help_text="Of its receipt, dense per register; null before it is paid in full."
    )
    receipt_reference = serializers.CharField(allow_null=True, help_text="What people read: `K1-R12`.")
    revision = serializers.IntegerField(help_text="Raised by every change; its `ETag` follows it.")
    changes = serializers.IntegerField(help_text="How often it was changed since it was made.")
    register = OrderPlaceOutput()
    location = OrderPlaceOutput()
    session_id = IdField(allow_null=True, help_text="The drawer session it belongs to.")
    device_id = IdField(allow_null=True)
    employee = OrderEmployeeOutput(allow_null=True)
    owner = OrderOwnerOutput()
    editing = OrderEditingOutput(allow_null=True, help_text="Who changed it last, and when.")
    name = serializers.CharField(allow_null=True, help_text="What it is called while it is open.")
    customer = serializers.CharField(allow_null=True, help_text="Whose it is: a name or a number.")
    fulfilment_state = serializers.ChoiceField(choices=states.FULFILMENT.states)
    payment_state = serializers.ChoiceField(choices=states.PAYMENT.states)
    opened_at = TimestampField(allow_null=True, help_text="When a ticket was opened.")
    placed_at = TimestampField()
    business_date = DateField()
    price_book = IdField(allow_null=True, help_text="The version of the price book it was priced by.")
    context = OrderContextOutput()  # type: ignore[assignment]  # declared fields leave the class
    note = serializers.CharField(allow_null=True, help_text="For the guest.")
    kitchen_note = serializers.CharField(allow_null=True)
    internal_note = serializers.CharField(allow_null=True, help_text="For the staff; on no paper.")
    cancelled = ReasonedMomentOutput(allow_null=True)
    lines = OrderLineOutput(many=True)
    discounts = OrderDiscountOutput(many=True)
    service_charges = OrderChargeOutput(many=True)
    taxes = OrderTaxOutput(many=True)
    payments = PaymentOutput(many=True)
    discount = MoneyField(help_text="All of `discounts` together.")
    service_charge = MoneyField(help_text="All of `service_charges` together, as they are shown.")
    net = MoneyField()
    tax = MoneyField()
    total = MoneyField()
    tip = MoneyField()
    payable = MoneyField(help_text="Total and tip.")
    paid = MoneyField()
    due = MoneyField()
    refunded = MoneyField(help_text="What of `paid` went back.")
    change = MoneyField()
    rounding = MoneyField(allow_negative=True, help_text="What cash rounding gave the guest.")
    exchange = OrderExchangeOutput(
        allow_null=True, help_text="Where goods of another order were exchanged for it."
    )
    flags = FlagOutput(many=True)
    pricing = PricingOutput()
    receipt = serializers.CharField(allow_null=True, help_text="Where the receipt is; null for practice.")
    explanation = serializers.CharField(
        allow_null=True, help_text="Where it is told which cent comes from where; null for practice."
    )
