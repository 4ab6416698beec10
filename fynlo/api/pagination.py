"""Lists, one page at a time: a cursor names the last row seen, so rows that come and go shift nothing."""

import base64
import binascii
import uuid
from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from fynlo.api.errors import InvalidQuery
from fynlo.api.query import integer
from fynlo.api.serializers import hint

PAGE_PARAMETERS: Final = frozenset({"cursor", "limit", "fields"})
"""What a list view adds to its `query_parameters`."""
DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
_ASCENDING, _DESCENDING = b"\x01", b"\x02"
_CURSOR_BYTES: Final = 17

Serializer = type[BaseSerializer[Any]] | Callable[[Any], dict[str, Any]]


def paginate(
    queryset: QuerySet[Any], request: Request, serializer: Serializer, *, newest_first: bool = False
) -> dict[str, Any]:
    """One page of `queryset`: `{"items": [...], "next_cursor": "..." or None}`, by id, in one statement.

    `serializer` is a serializer class or a function from a row to a dictionary. The caller's parameters:
    `limit` (1 to 200, default 50), `cursor` (the `next_cursor` of the page before), `fields` (the members
    wanted, comma-separated). Ids are UUIDv7, so their order is the order of making.
    """
    query = request.query_params.dict()
    limit = integer(query, "limit", default=DEFAULT_LIMIT, minimum=1, maximum=MAX_LIMIT)
    direction = _DESCENDING if newest_first else _ASCENDING
    if "cursor" in query:
        last = _read_cursor(query["cursor"], direction)
        queryset = queryset.filter(pk__lt=last) if newest_first else queryset.filter(pk__gt=last)
    rows = list(queryset.order_by("-pk" if newest_first else "pk")[: limit + 1])
    page = rows[:limit]
    next_cursor = _cursor(page[-1], direction) if len(rows) > limit else None
    items = _serialize(page, serializer)
    return {"items": select_fields(items, query.get("fields")), "next_cursor": next_cursor}


def select_fields(items: list[dict[str, Any]], wanted: str | None) -> list[dict[str, Any]]:
    """`items` with only the members named in `wanted` (comma-separated); all of them when it is None."""
    if wanted is None or not items:
        return items
    names = wanted.split(",")
    for name in names:
        if name not in items[0]:
            advice = hint(name, list(items[0]))
            raise InvalidQuery.of("fields", "unknown_field", f"Items have no such member. {advice}")
    return [{name: item[name] for name in names} for item in items]


def _serialize(rows: list[Any], serializer: Serializer) -> list[dict[str, Any]]:
    if isinstance(serializer, type):
        return list(serializer(rows, many=True).data)
    return [serializer(row) for row in rows]


def _cursor(row: Any, direction: bytes) -> str:
    key = row["id"] if isinstance(row, dict) else row.pk
    return base64.urlsafe_b64encode(direction + key.bytes).rstrip(b"=").decode()


def _read_cursor(text: str, direction: bytes) -> uuid.UUID:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _CURSOR_BYTES or raw[:1] != direction:
        raise InvalidQuery.of("cursor", "invalid_cursor", "Send the next_cursor of a page of this list.")
    return uuid.UUID(bytes=raw[1:])
