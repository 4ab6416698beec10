"""What the catalogue was, as the price book remembers it."""

from typing import Any
from uuid import UUID

from pos.catalog.models import BookEntry, Item


def document_at(*, kind: str, document_id: UUID, revision: int) -> dict[str, Any] | None:
    """The document as it was at a revision; None when it was not there (or no price book remembers it)."""
    rows = BookEntry.objects.filter(kind=kind, entity_id=document_id, revision__lte=revision)
    found: dict[str, Any] | None = rows.order_by("-revision").values_list("document", flat=True).first()
    return found


def item_revision(*, item_id: UUID) -> int | None:
    """The catalogue's revision at the last change of any part of an item; None when there is no such item."""
    found: int | None = Item.objects.filter(pk=item_id).values_list("revision", flat=True).first()
    return found
