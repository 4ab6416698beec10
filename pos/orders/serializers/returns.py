"""Goods that come back, as they are told and answered."""

from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import (
    ChoiceField,
    DateField,
    IdField,
    QuantityField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from pos.inventory.models.returns import DISPOSITIONS, LONGEST_REASON, WASTE
from pos.inventory.queries.returns import return_document
from pos.orders.services.returns import GoodsBack, GoodsReturn
from pos.pricing.limits import MAX_LINES

_DISPOSITIONS: Final = [(kind, kind) for kind in DISPOSITIONS]


class ReturnLineInput(StrictSerializer):
    """So much of a line of the order."""

    order_line_id = IdField()
    quantity = QuantityField(positive=True, help_text="In the line's unit; at most what is left of it.")
    disposition = ChoiceField(choices=_DISPOSITIONS, help_text="Back on the shelf, or thrown away.")
    lot_id = IdField(required=False, help_text="The lot or serial it is of, if the line took several.")


class StockReturnInput(StrictSerializer):
    """Goods of an order that come back."""

    id = IdField(help_text="The refund's, made by whoever asks. The same return may be sent again.")
    order_id = IdField()
    location_id = IdField(required=False, help_text="Where to; where it was sold unless said.")
    reason = TextField(required=False, allow_blank=True, max_length=LONGEST_REASON)
    at = TimestampField(
        required=False,
        help_text="When they came back, if that was not just now: after the sale, not in the future.",
    )
    lines = ReturnLineInput(many=True, max_length=MAX_LINES, allow_empty=False)  # type: ignore[call-arg]

    def to_draft(self) -> GoodsReturn:
        """The frozen input of `return_goods`."""
        values = dict(self.validated_data)
        lines = tuple(
            GoodsBack(
                order_line_id=line["order_line_id"],
                quantity=line["quantity"],
                is_waste=line["disposition"] == WASTE,
                lot_id=line.get("lot_id"),
            )
            for line in values.pop("lines")
        )
        return GoodsReturn(lines=lines, **values)


class ReturnEmployeeOutput(serializers.Serializer[Any]):
    """Who took it back."""

    id = IdField()
    name = serializers.CharField()


class ReturnLineOutput(serializers.Serializer[Any]):
    """What came back of a line: `returned` in all by then, `left` is what still may."""

    order_line_id = IdField()
    quantity = serializers.CharField()
    disposition = serializers.ChoiceField(choices=_DISPOSITIONS)
    lot_id = IdField(allow_null=True)
    returned = serializers.CharField()
    left = serializers.CharField()


class StockReturnOutput(serializers.Serializer[Any]):
    """Goods of an order that came back."""

    id = IdField()
    order_id = IdField()
    location_id = IdField()
    reason = serializers.CharField(allow_null=True)
    employee = ReturnEmployeeOutput(allow_null=True)
    at = TimestampField()
    business_date = DateField()
    lines = ReturnLineOutput(many=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The document, which the feed tells as well."""
        return return_document(instance, instance.lines.all())
