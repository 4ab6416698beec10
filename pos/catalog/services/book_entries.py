"""Appending to the price book only what differs from what it holds. The server compares, in its own form."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from fynlo.core.ids import new_id
from pos.catalog.models import VariantMove

# One statement per batch, whatever its size: documents go to the server once and none come back.
_APPEND: Final = """
INSERT INTO pos_bookentry (id, revision, kind, entity_id, document)
SELECT stated.id, %(revision)s, %(kind)s, stated.entity_id, stated.document
FROM unnest(%(ids)s::uuid[], %(entities)s::uuid[], %(documents)s::jsonb[]) AS stated (id, entity_id, document)
LEFT JOIN LATERAL (
    SELECT entry.document FROM pos_bookentry AS entry
    WHERE entry.kind = %(kind)s AND entry.entity_id = stated.entity_id
    ORDER BY entry.revision DESC LIMIT 1
) AS newest ON TRUE
WHERE newest.document IS DISTINCT FROM stated.document
RETURNING entity_id
"""

# Variants of an item's entry before that its entry of this revision has no more.
_LEFT: Final = """
SELECT newer.entity_id, (variant.value->>'id')::uuid
FROM pos_bookentry AS newer
CROSS JOIN LATERAL (
    SELECT entry.document FROM pos_bookentry AS entry
    WHERE entry.kind = 'item' AND entry.entity_id = newer.entity_id AND entry.revision < newer.revision
    ORDER BY entry.revision DESC LIMIT 1
) AS older
CROSS JOIN LATERAL jsonb_array_elements(older.document->'variants') AS variant
WHERE newer.kind = 'item' AND newer.revision = %(revision)s
    AND NOT COALESCE(newer.document->'variants', '[]')
        @> jsonb_build_array(jsonb_build_object('id', variant.value->'id'))
ORDER BY 2
"""

_RAISE: Final = """
UPDATE pos_item AS item SET revision = entry.revision
FROM pos_bookentry AS entry
WHERE entry.kind = 'item' AND entry.revision = %(revision)s AND entry.entity_id = item.id
"""


def append_entries(
    *, kind: str, revision: int, documents: Mapping[UUID, Mapping[str, Any] | None]
) -> set[UUID]:
    """Append the documents of a kind that differ from their newest entries; returns their ids.

    None says that there is no such document any more. Exact only while the catalogue is locked.
    """
    keys = sorted(documents)
    if not keys:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            {
                "revision": revision,
                "kind": kind,
                "ids": [new_id() for _ in keys],
                "entities": keys,
                "documents": [_text(documents[key]) for key in keys],
            },
        )
        return {row[0] for row in cursor.fetchall()}


def record_moves(*, revision: int) -> None:
    """Note which variants left their items with the entries of `revision`: old sales look for them there."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"revision": revision})
        left = cursor.fetchall()
    VariantMove.objects.bulk_create(
        VariantMove(revision=revision, variant_id=variant_id, item_id=item_id) for item_id, variant_id in left
    )


def raise_items(*, revision: int) -> None:
    """Give the items with an entry of `revision` that revision: lists find by it what changed since one."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, {"revision": revision})


def _text(document: Mapping[str, Any] | None) -> str | None:
    return None if document is None else orjson.dumps(document).decode()
