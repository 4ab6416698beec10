"""Shapes of the price book."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField, TimestampField
from fynlo.core.clock import rfc3339
from pos.catalog.models import KINDS, PriceBookVersion


class BookVersionOutput(serializers.Serializer[Any]):
    """A version of the price book. It never changes."""

    id = IdField(help_text="Send it with every order made from this version, as `price_book`.")
    revision = serializers.IntegerField()
    effective_at = TimestampField(help_text="In force from then until the next version is.")
    digest = serializers.CharField(help_text="SHA-256 over its entries and the digest before; the ETag.")
    entry_count = serializers.IntegerField(help_text="How many documents this version changed.")


class BookEntryOutput(serializers.Serializer[Any]):
    """A document of the catalogue; null when it was removed (in deltas only)."""

    kind = serializers.ChoiceField(choices=KINDS)
    id = serializers.UUIDField()
    document = serializers.JSONField(allow_null=True)


class BookPageOutput(serializers.Serializer[Any]):
    """A page of the price book. `version` is on the first page."""

    version = BookVersionOutput(required=False)
    entries = BookEntryOutput(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="Null on the last page.")


def version_document(version: PriceBookVersion) -> dict[str, Any]:
    """A version as the API tells it."""
    return {
        "id": str(version.id),
        "revision": version.revision,
        "effective_at": rfc3339(version.effective_at),
        "digest": version.digest,
        "entry_count": version.entry_count,
    }
