"""The shape of a page of the feed, for the API's document."""

from typing import Any

from rest_framework import serializers


class FeedItemOutput(serializers.Serializer[Any]):
    """One event: its position, its transaction, its kind, the entity it is about, when, and its own data."""

    seq = serializers.IntegerField(min_value=1)
    txn = serializers.UUIDField()
    t = serializers.CharField()
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    data = serializers.DictField(allow_null=True)  # type: ignore[assignment]  # REST moves fields away


class FeedPageOutput(serializers.Serializer[Any]):
    """Whoever has read up to `next` has everything up to `next`; `more` says that there is more now."""

    after = serializers.IntegerField(min_value=0)
    next = serializers.IntegerField(min_value=0)
    head = serializers.IntegerField(min_value=0)
    more = serializers.BooleanField()
    items = FeedItemOutput(many=True)
