"""Writing answers: compact JSON by orjson."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

from fynlo.core.clock import rfc3339
from fynlo.core.money import Money

# orjson has its own forms of dataclasses and times; `_plain` is asked instead.
_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


class OrjsonRenderer(BaseRenderer):
    """JSON in UTF-8, members in the order they were given."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        """The encoded answer; an empty one for None."""
        del accepted_media_type, renderer_context
        return b"" if data is None else dumps(data)


class TextRenderer(BaseRenderer):
    """Plain text in UTF-8, for what people read as it is (receipts)."""

    media_type = "text/plain"
    format = "txt"
    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        """The encoded text."""
        del accepted_media_type, renderer_context
        return str(data).encode()


class FileRenderer(BaseRenderer):
    """Lets a caller ask for a file of any kind; the view answers the file itself, and problems stay JSON."""

    media_type = "*/*"
    format = "file"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        """What is no file is JSON."""
        return OrjsonRenderer().render(data, accepted_media_type, renderer_context)


def dumps(data: Any) -> bytes:
    """`data` as JSON: UUIDs as text, money as amount and currency, decimals as text, times by RFC 3339."""
    try:
        return orjson.dumps(data, default=_plain, option=_OPTIONS)
    except orjson.JSONEncodeError:
        # Sums of what is stored may be wider than 64 bits; an answer nobody can read is worse than a slow one.
        return json.dumps(
            data, default=_plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        ).encode()


def _plain(value: Any) -> Any:  # noqa: PLR0911  one line per shape
    match value:
        case Money():
            return {"amount_minor": value.minor, "currency": value.currency}
        case uuid.UUID():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case dt.datetime() if value.tzinfo is not None:
            return rfc3339(value)
        case dt.date() if not isinstance(value, dt.datetime):
            return value.isoformat()
        case frozenset() | set():
            return sorted(value)
        case Mapping():
            return dict(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no form in JSON")
