"""Shapes of lots, recalls and alerts."""

from operator import attrgetter
from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, TimestampField
from pos.inventory.models.alerts import ALERT_KINDS
from pos.inventory.models.lots import LOT_KINDS
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.recalls import GROUPS, Recall, RecallRow
from pos.inventory.serializers.ledger import PlainQuantityField


class LotLevelOutput(serializers.Serializer[Any]):
    """What is on hand of a lot at a location."""

    location_id = IdField()
    on_hand = PlainQuantityField()


class StockLotOutput(serializers.Serializer[Any]):
    """A lot or a serial. `expires_on` is its last day; `received_at` is null for what a sale named first."""

    id = IdField()
    variant_id = IdField()
    sku = serializers.CharField(source="variant.sku")
    name = serializers.CharField(source="variant.item.name")
    unit = serializers.CharField(source="variant.item.unit")
    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=LOT_KINDS)
    expires_on = DateField(allow_null=True)
    received_at = TimestampField(allow_null=True)
    levels = LotLevelOutput(source="held", many=True)


class LeftOutput(serializers.Serializer[Any]):
    """What is left of a lot at a location."""

    location_id = IdField()
    location = serializers.CharField()
    on_hand = PlainQuantityField()


class RecalledLotOutput(serializers.Serializer[Any]):
    """A lot that was asked for (`is_asked`), or one that was made with it, and what is left of it."""

    id = IdField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=LOT_KINDS)
    expires_on = DateField(allow_null=True)
    received_at = TimestampField(allow_null=True)
    is_asked = serializers.BooleanField()
    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    left = LeftOutput(many=True)


class RecallRowOutput(serializers.Serializer[Any]):
    """Something that happened to a lot; `quantity` is below zero for what went.

    `sold_as` is the line of the order: a dish, where the lot was an ingredient. `lot_id` is null for what was made
    without a lot, and for a line whose code named a lot that was not kept at the time.
    """

    id = IdField()
    kind = serializers.CharField()
    lot_id = IdField(allow_null=True)
    lot = serializers.CharField()
    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = PlainQuantityField()
    at = TimestampField()
    business_date = DateField()
    location_id = IdField()
    location = serializers.CharField()
    order_id = IdField(allow_null=True)
    order_number = serializers.IntegerField(allow_null=True)
    order_line_id = IdField(allow_null=True)
    sold_as = serializers.CharField()
    register = serializers.CharField()
    employee = serializers.CharField()
    document_id = IdField(allow_null=True)
    document_number = serializers.CharField()
    supplier = serializers.CharField()
    reason = serializers.CharField()
    is_lot_inferred = serializers.BooleanField()


class RecallOutput(serializers.Serializer[Any]):
    """Where lots came from, what was made with them, who bought them, what is left; each list oldest first."""

    lots = RecalledLotOutput(many=True)
    receipts = RecallRowOutput(many=True)
    productions = RecallRowOutput(many=True)
    sales = RecallRowOutput(many=True)
    transfers = RecallRowOutput(many=True)
    others = RecallRowOutput(many=True)
    has_more = serializers.BooleanField(
        help_text="Rows were left out: ask with a higher `limit`, or for the CSV."
    )


class StockAlertOutput(serializers.Serializer[Any]):
    """Something the matter with a variant at a location; open while `cleared_at` is null.

    `data` is what was so when it was raised: quantities as text, `expires_on` and `days_left`, `moved_on`.
    """

    id = IdField()
    kind = serializers.ChoiceField(choices=ALERT_KINDS)
    variant_id = IdField()
    sku = serializers.CharField(source="variant.sku")
    name = serializers.CharField(source="variant.item.name")
    location_id = IdField()
    lot_id = IdField(allow_null=True)
    lot = serializers.SerializerMethodField()
    raised_at = TimestampField()
    cleared_at = TimestampField(allow_null=True)
    # A member of the answer; declared fields never replace the property.
    data = serializers.JSONField()  # type: ignore[assignment]

    def get_lot(self, alert: Any) -> str:
        """The lot's code, or an empty text."""
        return "" if alert.lot is None else str(alert.lot.code)


_NAMES: Final = tuple(RecallRowOutput().fields)
_values = attrgetter(*_NAMES)


def recall_document(found: Recall) -> dict[str, Any]:
    """A recall as `RecallOutput` says it. Ten thousand rows are written as they are: a recall is urgent."""
    return {
        "lots": RecalledLotOutput(found.lots, many=True).data,
        **{name: [_row(row) for row in found.group(name)] for name in GROUPS},
        "has_more": found.has_more,
    }


def _row(row: RecallRow) -> dict[str, Any]:
    return dict(zip(_NAMES, _values(row), strict=True)) | {"quantity": plain_quantity(row.quantity)}
