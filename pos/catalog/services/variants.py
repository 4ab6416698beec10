"""All variants of an item in one go: what is stated is what there is, or nothing is saved."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem, NotFound
from pos.catalog.barcodes import same_code
from pos.catalog.documents.planning import plan_documents
from pos.catalog.documents.reading import read_documents
from pos.catalog.errors import ItemChangedSince
from pos.catalog.queries import barcode_holders, sku_holders
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
    """Everything that saving would refuse now, in one go. Writes nothing. Raises `NotFound`.

    A document with mistakes of its own is not compared with others, so what others have is asked here too.
    """
    problems = plan_documents(documents=[("item", _stated(draft))], pointers=[""]).problems
    return (*problems, *_taken(draft.variants))


def _taken(variants: Sequence[Document]) -> Iterator[FieldProblem]:
    """SKUs and barcodes that variants of other items have."""
    skus = sku_holders(skus=[variant["sku"] for variant in variants])
    codes = barcode_holders(codes=[each["code"] for variant in variants for each in variant["barcodes"]])
    ours = {variant["id"] for variant in variants}
    for place, variant in enumerate(variants):
        if str(skus.get(variant["sku"].upper(), variant["id"])) not in ours:
            detail = f"{variant['sku']} is the SKU of another variant."
            yield FieldProblem(f"/variants/{place}/sku", "sku_taken", detail)
        for each in variant["barcodes"]:
            holder = codes.get(same_code(each["code"]))
            if holder is not None and str(holder.variant_id) not in ours:
                detail = f"{each['code']} is the barcode of {holder.sku}."
                yield FieldProblem(f"/variants/{place}/barcodes", "barcode_taken", detail)


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
