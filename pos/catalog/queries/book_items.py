"""Items as a version of the price book has them, found by their variants."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from pos.pricing.book import Item
from pos.pricing.reading.items import read_item

Document = Mapping[str, Any]

# Where a variant was at a revision: under the item it left at the first move after it, else where it is.
_PLACES: Final = """
SELECT wanted.id, COALESCE(
    (SELECT move.item_id FROM pos_variantmove AS move
     WHERE move.variant_id = wanted.id AND move.revision > %(revision)s ORDER BY move.revision LIMIT 1),
    (SELECT variant.item_id FROM pos_variant AS variant WHERE variant.id = wanted.id)
) AS item_id
FROM unnest(%(variants)s::uuid[]) AS wanted (id)
"""
# The index (kind, entity_id, revision) finds each item's entry with one row read.
_AT: Final = f"""
SELECT entry.document
FROM (SELECT DISTINCT place.item_id FROM ({_PLACES}) AS place) AS item
CROSS JOIN LATERAL (
    SELECT document FROM pos_bookentry
    WHERE kind = 'item' AND entity_id = item.item_id AND revision <= %(revision)s
    ORDER BY revision DESC LIMIT 1
) AS entry
WHERE entry.document IS NOT NULL
"""  # noqa: S608  a constant of this file
_FIRST_AFTER: Final = f"""
SELECT DISTINCT ON (place.id) place.id, entry.document
FROM ({_PLACES}) AS place
JOIN pos_bookentry AS entry ON entry.kind = 'item' AND entry.entity_id = place.item_id
    AND entry.revision > %(revision)s
    AND entry.document->'variants' @> jsonb_build_array(jsonb_build_object('id', place.id::text))
ORDER BY place.id, entry.revision
"""  # noqa: S608  a constant of this file


@dataclass(frozen=True, slots=True)
class BookedItem:
    """An item's document, and what pricing reads in it; `later` are the ids of variants that came later."""

    document: Document
    priced: Item
    later: frozenset[str] = frozenset()


def items_at(*, variant_ids: Collection[UUID], revision: int) -> list[BookedItem]:
    """The items of these variants as they were at `revision`, in the order of their ids.

    A variant that came later is there as it was first published. One statement; a second one if there is any
    such variant.
    """
    wanted = {str(key) for key in variant_ids}
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_AT, {"variants": list(set(variant_ids)), "revision": revision})
        documents = [orjson.loads(text) for (text,) in cursor.fetchall()]
        found = {document["id"]: document for document in documents}
        missing = wanted - _variant_ids(found.values())
        if missing:
            cursor.execute(_FIRST_AFTER, {"variants": [UUID(key) for key in missing], "revision": revision})
            for key, text in cursor.fetchall():
                _take_in(found, str(key), orjson.loads(text))
    return [_booked(found[key], missing) for key in sorted(found)]


def items_told(*, documents: Iterable[Document], variant_ids: Collection[UUID]) -> list[BookedItem] | None:
    """The items of documents that were read along with something else; None if a variant is in none of them."""
    found = {document["id"]: document for document in documents}
    if {str(key) for key in variant_ids} - _variant_ids(found.values()):
        return None
    return [_booked(found[key], ()) for key in sorted(found)]


def _booked(document: Document, missing: Collection[str]) -> BookedItem:
    later = frozenset(variant["id"] for variant in document["variants"] if variant["id"] in missing)
    return BookedItem(document, read_item(_as_priced(document)), later)


def _variant_ids(documents: Iterable[Document]) -> set[str]:
    return {variant["id"] for document in documents for variant in document["variants"]}


def _take_in(found: dict[str, Any], variant_id: str, document: Document) -> None:
    """Add one variant of `document`: to its item as it was, or with the item if that came later, too."""
    own = [variant for variant in document["variants"] if variant["id"] == variant_id]
    before = found.get(document["id"])
    if before is None:
        found[document["id"]] = {**document, "variants": own}
    else:
        found[document["id"]] = {**before, "variants": [*before["variants"], *own]}


def _as_priced(document: Document) -> Document:
    """The item as pricing reads it: a till's preselected choice is none of its business."""
    combo = document["combo"]
    if combo is None:
        return document
    slots = [{**slot, "choices": [_choice(choice) for choice in slot["choices"]]} for slot in combo["slots"]]
    return {**document, "combo": {"slots": slots}}


def _choice(choice: Document) -> Document:
    return {"variant_id": choice["variant_id"], "upcharge_minor": choice["upcharge_minor"]}
