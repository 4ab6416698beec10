"""What is answered: what a register sells most."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField, QuantityField


class FavouriteOutput(serializers.Serializer[Any]):
    """A variant that was sold at the register, and how much of it."""

    variant_id = IdField()
    item_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    order_count = serializers.IntegerField()
    quantity = QuantityField()


class FavouritesOutput(serializers.Serializer[Any]):
    """The variants sold most often first."""

    items = FavouriteOutput(many=True)
