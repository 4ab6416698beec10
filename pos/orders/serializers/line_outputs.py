"""What is answered: a line of an order or a quote, with its modifiers, components and taxes."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, MoneyField, QuantityField, TimestampField
from pos.orders import states


class LineModifierOutput(serializers.Serializer[Any]):
    """A chosen modifier with those chosen for it (`modifiers`, of the same shape), three levels at most."""

    modifier_id = IdField()
    name = serializers.CharField()
    kitchen_name = serializers.CharField()
    quantity = serializers.IntegerField()
    price = MoneyField(allow_negative=True, help_text="Of one.")
    modifiers = serializers.ListField(child=serializers.DictField())


class LineTaxOutput(serializers.Serializer[Any]):
    """One tax of a line: a rate, or (`per_unit`) an amount for each unit."""

    code = serializers.CharField()
    name = serializers.CharField()
    rate = QuantityField()
    per_unit = MoneyField(allow_null=True)
    is_inclusive = serializers.BooleanField()
    net = MoneyField()
    tax = MoneyField()


class LineComponentOutput(serializers.Serializer[Any]):
    """A component of a combo with its share of price, discount and tax."""

    slot_id = IdField()
    slot = serializers.CharField()
    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    modifiers = LineModifierOutput(many=True)
    base = MoneyField()
    discount = MoneyField()
    tax_class = serializers.CharField()
    taxes = LineTaxOutput(many=True)
    net = MoneyField()
    tax = MoneyField()
    total = MoneyField()


class ReasonedMomentOutput(serializers.Serializer[Any]):
    """When something was taken back, and why."""

    at = TimestampField()
    reason = serializers.CharField(allow_null=True)


class OrderLineOutput(serializers.Serializer[Any]):
    """A line, with the names, prices and taxes of the moment it was sold."""

    id = IdField()
    state = serializers.ChoiceField(choices=states.LINE_STATES)
    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = QuantityField()
    order_type = serializers.ChoiceField(choices=states.ORDER_TYPES, allow_null=True)
    list_price = MoneyField(help_text="What the catalogue says.")
    unit_price = MoneyField(help_text="What counted: after price lists, or what the till stated.")
    price_source = serializers.ChoiceField(choices=states.PRICE_SOURCES)
    price_list_id = IdField(allow_null=True)
    modifiers = LineModifierOutput(many=True)
    modifiers_price = MoneyField(allow_negative=True, help_text="What the modifiers add per unit.")
    components = LineComponentOutput(many=True)
    lot = serializers.CharField(allow_null=True, help_text="Lot or batch, as the code said (GS1 10).")
    serial = serializers.CharField(allow_null=True, help_text="Serial number, as the code said (GS1 21).")
    use_by = DateField(allow_null=True, help_text="The last day, as the code said (GS1 17).")
    note = serializers.CharField(allow_null=True, help_text="For the guest.")
    kitchen_note = serializers.CharField(allow_null=True)
    internal_note = serializers.CharField(allow_null=True, help_text="For the staff; on no paper.")
    voided = ReasonedMomentOutput(allow_null=True)
    base = MoneyField(help_text="Quantity times all of it, before discounts.")
    discount = MoneyField(help_text="Its share of all discounts.")
    amount = MoneyField(help_text="Base less discount, as prices are shown.")
    tax_class = serializers.CharField()
    tax_rate = QuantityField(
        help_text="A fraction: 0.19 is nineteen per cent. With several taxes, what they come to: tax by net."
    )
    is_tax_inclusive = serializers.BooleanField()
    taxes = LineTaxOutput(many=True)
    net = MoneyField()
    tax = MoneyField()
    total = MoneyField()


class QuoteLineOutput(OrderLineOutput):
    """A line of a quote; `id` is null unless one was given."""

    id = IdField(allow_null=True)
