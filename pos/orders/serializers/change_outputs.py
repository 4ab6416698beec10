"""What is answered: the history of an order, and a page of a search."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, TimestampField
from pos.orders.serializers.outputs import OrderEmployeeOutput, OrderOutput
from pos.orders.states import CHANGE_KINDS


class OrderChangeOutput(serializers.Serializer[Any]):
    """A change of an order: how it was before and after, in the words of its kind."""

    id = IdField()
    revision = serializers.IntegerField(help_text="The order's since this change.")
    kind = serializers.ChoiceField(choices=CHANGE_KINDS)
    line_id = IdField(allow_null=True)
    before = serializers.DictField(allow_null=True)
    after = serializers.DictField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    employee = OrderEmployeeOutput(allow_null=True)
    approver = OrderEmployeeOutput(allow_null=True)
    device_id = IdField(allow_null=True)
    at = TimestampField()
    business_date = DateField()


class OrderPageOutput(serializers.Serializer[Any]):
    """A page of orders. `searched` is there where a period was looked through."""

    items = OrderOutput(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="Null on the last page.")
    searched = serializers.DictField(
        child=DateField(allow_null=True), required=False, help_text="`from` and `to`, both included."
    )
