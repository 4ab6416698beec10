"""Shapes of pictures."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField


class ImageOutput(serializers.Serializer[Any]):
    """A picture as it is kept."""

    id = IdField(help_text="Goes into an item's `image_ids` or a category's `image_id`.")
    digest = serializers.CharField(help_text="SHA-256 of what is served.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
