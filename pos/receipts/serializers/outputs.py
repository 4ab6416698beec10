"""Receipts as JSON: what every other form of them is made of."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, MoneyField, QuantityField, TimestampField
from pos.receipts.document import KINDS
from pos.receipts.sheets import SHEET_KINDS


class ReceiptAmountOutput(serializers.Serializer[Any]):
    """A discount (above zero all the same) or a charge."""

    name = serializers.CharField()
    amount = MoneyField(allow_negative=True)


class ReceiptModifierOutput(serializers.Serializer[Any]):
    """What was chosen, `quantity` times per unit; `depth` is 0 for the item's own modifiers."""

    name = serializers.CharField()
    quantity = serializers.IntegerField()
    depth = serializers.IntegerField()
    price = MoneyField(allow_negative=True, required=False)


class ReceiptComponentOutput(serializers.Serializer[Any]):
    """A component of a combo."""

    name = serializers.CharField()
    modifiers = ReceiptModifierOutput(many=True)
    taxes = serializers.ListField(child=serializers.CharField(), required=False)


class SalesReceiptLineOutput(serializers.Serializer[Any]):
    """One thing sold; `amount` before `discounts`. A gift receipt has no prices, taxes and discounts."""

    name = serializers.CharField()
    quantity = QuantityField()
    unit = serializers.CharField()
    order_type = serializers.CharField(allow_null=True)
    lot = serializers.CharField(allow_null=True)
    use_by = DateField(allow_null=True)
    note = serializers.CharField(allow_null=True)
    modifiers = ReceiptModifierOutput(many=True)
    components = ReceiptComponentOutput(many=True)
    unit_price = MoneyField(allow_negative=True, required=False)
    amount = MoneyField(allow_negative=True, required=False)
    taxes = serializers.ListField(child=serializers.CharField(), required=False)
    discounts = ReceiptAmountOutput(many=True, required=False)


class ReceiptTaxOutput(serializers.Serializer[Any]):
    """A row of the tax table; `key` is what lines name it by. A tax of an amount per unit has no rate."""

    key = serializers.CharField()
    name = serializers.CharField()
    rate = QuantityField(allow_null=True)
    is_inclusive = serializers.BooleanField()
    net = MoneyField(allow_negative=True)
    tax = MoneyField(allow_negative=True)
    gross = MoneyField(allow_negative=True)


class ReceiptCardOutput(serializers.Serializer[Any]):
    """What a receipt has to say of a card; empty where its reader did not."""

    brand = serializers.CharField(allow_blank=True)
    last4 = serializers.CharField(allow_blank=True)
    wallet = serializers.CharField(allow_blank=True)
    application = serializers.CharField(allow_blank=True, help_text="The chip's own name for itself.")
    aid = serializers.CharField(allow_blank=True)
    account_type = serializers.CharField(allow_blank=True)
    authorisation_code = serializers.CharField(allow_blank=True)
    response_code = serializers.CharField(allow_blank=True)
    verification = serializers.CharField(allow_blank=True, help_text="How its holder was known.")
    cryptogram = serializers.CharField(allow_blank=True)
    tvr = serializers.CharField(allow_blank=True)
    tsi = serializers.CharField(allow_blank=True)
    slip_number = serializers.CharField(
        allow_blank=True, help_text="What people typed off the slip of a card machine of its own."
    )
    is_signed = serializers.BooleanField(help_text="Whether a signature is kept.")


class ReceiptTenderOutput(serializers.Serializer[Any]):
    """What was handed over in one way, and what went back; of a refund: what the customer was given."""

    name = serializers.CharField()
    detail = serializers.CharField(allow_null=True)
    card = ReceiptCardOutput(allow_null=True)
    tendered = MoneyField(allow_negative=True)
    change = MoneyField(allow_negative=True)


class ReceiptCustomerOutput(serializers.Serializer[Any]):
    """For whom an invoice is."""

    name = serializers.CharField()
    address = serializers.ListField(child=serializers.CharField())
    tax_number = serializers.CharField(allow_null=True)


class _HeadOutput(serializers.Serializer[Any]):
    number = serializers.CharField()
    language = serializers.CharField()
    currency = serializers.CharField()
    merchant = serializers.CharField()
    location = serializers.CharField()
    address = serializers.ListField(child=serializers.CharField())
    tax_number = serializers.CharField(allow_null=True)
    register = serializers.CharField()
    employee = serializers.CharField(allow_null=True)
    business_date = DateField()
    local_time = serializers.CharField(help_text="With the offset of the shop's clock.")
    is_training = serializers.BooleanField()


class SalesReceiptOutput(_HeadOutput):
    """A receipt. Amounts are missing on a gift receipt; of a refund they are what went back."""

    kind = serializers.ChoiceField(choices=KINDS)
    order = serializers.CharField(allow_null=True)
    original = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    copy = serializers.IntegerField(help_text="0 is the receipt itself.")
    header = serializers.ListField(child=serializers.CharField())
    footer = serializers.ListField(child=serializers.CharField())
    has_logo = serializers.BooleanField()
    link = serializers.CharField(allow_null=True)
    sold_at = TimestampField()
    order_type = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_null=True)
    customer = ReceiptCustomerOutput(allow_null=True)
    lines = SalesReceiptLineOutput(many=True)
    subtotal = MoneyField(allow_negative=True, required=False)
    discounts = ReceiptAmountOutput(many=True, required=False)
    charges = ReceiptAmountOutput(many=True, required=False)
    removed_tax = MoneyField(allow_negative=True, required=False)
    taxes = ReceiptTaxOutput(many=True, required=False)
    total = MoneyField(allow_negative=True, required=False)
    tip = MoneyField(allow_negative=True, required=False)
    payable = MoneyField(allow_negative=True, required=False)
    rounding = MoneyField(allow_negative=True, required=False)
    tenders = ReceiptTenderOutput(many=True, required=False)
    change = MoneyField(allow_negative=True, required=False)
    due = MoneyField(allow_negative=True, required=False)


class SheetFactOutput(serializers.Serializer[Any]):
    """Something about the paper as a whole; one of its values is given."""

    key = serializers.CharField()
    text = serializers.CharField(allow_null=True)
    at = TimestampField(allow_null=True)
    date = DateField(allow_null=True)
    amount = MoneyField(allow_negative=True, allow_null=True)


class SheetRowOutput(serializers.Serializer[Any]):
    """A row: its name is `text`, or the word for `key`."""

    key = serializers.CharField(allow_null=True)
    text = serializers.CharField(allow_null=True)
    count = serializers.IntegerField(allow_null=True)
    amount = MoneyField(allow_negative=True, allow_null=True)
    is_sum = serializers.BooleanField()


class SheetSectionOutput(serializers.Serializer[Any]):
    """Rows under a title."""

    key = serializers.CharField()
    rows = SheetRowOutput(many=True)


class SheetOutput(_HeadOutput):
    """A slip of the drawer, an X or Z report, a statement of a house account."""

    kind = serializers.ChoiceField(choices=SHEET_KINDS)
    at = TimestampField()
    facts = SheetFactOutput(many=True)
    sections = SheetSectionOutput(many=True)
    is_signed = serializers.BooleanField()


class ReprintOutput(serializers.Serializer[Any]):
    """A copy that may be printed now: `GET …/receipt?copy={copy}` in any form."""

    order_id = IdField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    copy = serializers.IntegerField()
    at = TimestampField()
    receipt = serializers.CharField(help_text="Where the copy is found.")


class ReceiptEmailOutput(serializers.Serializer[Any]):
    """A letter on its way. What becomes of it is told in the feed, under this id."""

    id = IdField()
    order_id = IdField()
    to = serializers.CharField(help_text="As much of the address as anybody needs to know it again.")
    requested_at = TimestampField()
