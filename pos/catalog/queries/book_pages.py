"""The price book in pages, for tills: a whole version, or what changed since one. One statement per page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from pos.catalog.models import KINDS, PriceBookVersion

# Of each document the newest entry up to the revision, in the order of the kinds, then of the ids. Each kind reads
# as much of its index as the page needs. A whole book leaves out what was removed; a delta tells it.
_PAGE: Final = """
SELECT kind.name, entry.entity_id, entry.document
FROM unnest(%(kinds)s::text[], %(after)s::uuid[]) WITH ORDINALITY AS kind (name, after, place)
CROSS JOIN LATERAL (
    SELECT newest.entity_id, newest.document
    FROM (
        SELECT DISTINCT ON (entity_id) entity_id, document FROM pos_bookentry
        WHERE kind = kind.name AND entity_id > kind.after AND revision <= %(revision)s AND revision > %(since)s
        ORDER BY entity_id, revision DESC
    ) AS newest
    WHERE newest.document IS NOT NULL OR %(since)s > 0
    ORDER BY newest.entity_id LIMIT %(limit)s
) AS entry
ORDER BY kind.place, entry.entity_id LIMIT %(limit)s
"""
# Every till asks this every few minutes; the ORM takes longer to word it than the server to answer.
_COLUMNS: Final = [column.attname for column in PriceBookVersion._meta.concrete_fields]
_NEWEST: Final = (
    f"SELECT {', '.join(column.column for column in PriceBookVersion._meta.concrete_fields if column.column)} "  # noqa: S608  our own
    "FROM pos_pricebookversion ORDER BY revision DESC LIMIT 1"
)
_FIRST: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class BookKey:
    """Where a page ended: the kind and id of its last document."""

    kind: str
    entity_id: UUID


@dataclass(frozen=True, slots=True)
class BookPage:
    """Documents in the order of the book: `{"kind", "id", "document"}`. `last` is None on the last page."""

    entries: list[dict[str, Any]]
    last: BookKey | None


def newest_version() -> PriceBookVersion | None:
    """The version that is in force now: the newest one."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        row = cursor.fetchone()
    return None if row is None else PriceBookVersion.from_db(connection.alias, _COLUMNS, row)


def version_at(*, revision: int) -> PriceBookVersion | None:
    """The version with this revision, or None."""
    found: PriceBookVersion | None = PriceBookVersion.objects.filter(revision=revision).first()
    return found


def book_page(*, revision: int, since: int = 0, after: BookKey | None = None, limit: int) -> BookPage:
    """At most `limit` documents of the version `revision` that come `after` a key.

    `since` is another revision: only what changed after it, with None for what was removed.
    """
    kinds = list(KINDS[KINDS.index(after.kind) :] if after else KINDS)
    starts = [_FIRST] * len(kinds)
    if after is not None:
        starts[0] = after.entity_id
    values: Mapping[str, Any] = {
        "kinds": kinds,
        "after": starts,
        "revision": revision,
        "since": since,
        "limit": limit + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAGE, values)
        rows = cursor.fetchall()
    entries = [
        {"kind": kind, "id": str(key), "document": None if text is None else orjson.loads(text)}
        for kind, key, text in rows[:limit]
    ]
    last = BookKey(rows[limit - 1][0], rows[limit - 1][1]) if len(rows) > limit else None
    return BookPage(entries, last)
