"""All variants of an item in one go: what is stated is what there is, or nothing is saved."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem, NotFound
from pos.catalog.documents.planning import plan_documents
from pos.catalog.documents.reading import read_documents
from pos.catalog.errors import ItemChangedSince
from pos.catalog.queries.history import document_at, item_revision
from pos.catalog.services.documents import Saved, put_document

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantsDraft:
    """The options of an item and its variants, in their order, as in its document (`pos.catalog.documents`).

    `revision` is that of the item when the caller read it.
    """

    item_id: UUID
    option_axes: Sequence[Document]
    variants: Sequence[Document]
    revision: int


def save_variants(*, draft: VariantsDraft, actor: Actor, at: dt.datetime) -> Saved:
    """Bring the variants of an item to `draft`; everything else about the item stays.

    Raises `NotFound`, `ItemChangedSince` (with the item's `before` and `after`) when somebody else changed it
    since the caller read it, and what `put_document` does; pointers are those of the item (`/variants/0/sku`).
    """

    def unchanged(current: Document | None) -> None:
        if current is None or item_revision(item_id=draft.item_id) != draft.revision:
            before = document_at(kind="item", document_id=draft.item_id, revision=draft.revision)
            raise ItemChangedSince(before=before, after=current)

    return put_document(
        kind="item",
        document_id=draft.item_id,
        document=_stated(draft),
        actor=actor,
        at=at,
        matches=unchanged,
    )


def variant_problems(*, draft: VariantsDraft) -> tuple[FieldProblem, ...]:
    """Everything that saving would refuse now. Writes nothing. Raises `NotFound`."""
    return plan_documents(documents=[("item", _stated(draft))], pointers=[""]).problems


def _stated(draft: VariantsDraft) -> Document:
    document = read_documents(kind="item", ids=[draft.item_id]).get(draft.item_id)
    if document is None:
        raise NotFound("There is no such item.")
    stated = {variant.get("id") for variant in draft.variants}
    return {
        **document,
        "option_axes": list(draft.option_axes),
        "variants": list(draft.variants),
        # A variant that goes takes its own prices by list with it.
        "list_prices": [each for each in document["list_prices"] if each["variant_id"] in stated | {None}],
    }
