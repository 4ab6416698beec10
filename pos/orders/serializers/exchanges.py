"""Shapes of exchanges."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField
from pos.orders.refund_drafts import RefundDraft, RefundLineDraft
from pos.orders.serializers.inputs import OrderInput, order_draft
from pos.orders.serializers.outputs import OrderOutput
from pos.orders.serializers.refunds import OrderRefundInput, RefundOutput, refund_values
from pos.orders.services.exchanges import ExchangeDraft
from pos.registers.serializers import MoneyInAnyCurrency


class ExchangedInput(OrderRefundInput):
    """What comes back."""

    order_id = IdField(help_text="The order it was sold by.")


class ExchangeInput(MoneyInAnyCurrency):
    """Goods of an order against other goods."""

    id = IdField(help_text="Made by the till; becomes the refund's id. The same exchange may be sent again.")
    refund = ExchangedInput()
    order = OrderInput(help_text="What is sold for it; its tenders pay what it costs beyond what came back.")

    def to_draft(self) -> ExchangeDraft:
        """The frozen input of `exchange_goods`."""
        values = dict(self.validated_data)
        refund = refund_values(values["refund"])
        lines = tuple(RefundLineDraft(**line) for line in refund.pop("lines", ()))
        return ExchangeDraft(
            refund=RefundDraft(id=values["id"], lines=lines, **refund), order=order_draft(values["order"])
        )


class ExchangeOutput(serializers.Serializer[Any]):
    """Both sides of an exchange, each whole."""

    refund = RefundOutput()
    order = OrderOutput()
