"""Writing answers: compact JSON by orjson."""

import uuid
from decimal import Decimal
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

from fynlo.core.money import Money

# Money is a dataclass; orjson would write its own members instead of asking `_plain`.
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS


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


def dumps(data: Any) -> bytes:
    """`data` as JSON: UUIDs as text, money as amount and currency, decimals as text, times by RFC 3339."""
    return orjson.dumps(data, default=_plain, option=_OPTIONS)


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"amount_minor": value.minor, "currency": value.currency}
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, uuid.UUID | frozenset | set):
        return sorted(value) if isinstance(value, frozenset | set) else str(value)
    if isinstance(value, dict):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
