"""What is answered: where each cent comes from."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField, QuantityField


class StepOutput(serializers.Serializer[Any]):
    """One step of a price: what it adds or takes, and what the amount is after it, in minor units."""

    step = serializers.CharField()
    amount_minor = serializers.IntegerField()
    after_minor = serializers.IntegerField()
    data = serializers.DictField()  # type: ignore[assignment]  # declared fields leave the class


class ExplainedLineOutput(serializers.Serializer[Any]):
    """The steps of a line; their amounts add up to its total."""

    id = IdField()
    variant_id = IdField()
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = QuantityField()
    total_minor = serializers.IntegerField()
    steps = StepOutput(many=True)


class ExplanationOutput(serializers.Serializer[Any]):
    """The steps of each line, then those of the order, whose amounts add up to what is to be paid."""

    currency = serializers.CharField()
    engine = serializers.CharField()
    policy = serializers.CharField()
    lines = ExplainedLineOutput(many=True)
    steps = StepOutput(many=True)
    total_minor = serializers.IntegerField()
    payable_minor = serializers.IntegerField()


class OrderExplanationOutput(ExplanationOutput):
    """The explanation of an order."""

    order_id = IdField()
    reference = serializers.CharField()
