"""Reading the body of a request: uncompressed JSON in UTF-8, bounded before and after it is read."""

from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from fynlo.api.errors import UnsupportedMediaType
from fynlo.api.strict_json import MAX_BYTES, parse, refused_body

_UTF8: Final = frozenset({"", "utf-8", "utf8"})


class StrictJSONParser(BaseParser):
    """REST framework's hook for `strict_json`."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The body's value; raises `InvalidJson`, or `UnsupportedMediaType` for an encoding."""
        del stream, media_type
        return read_json(parser_context["request"])


def max_body_bytes() -> int:
    """The largest body that is read (`DATA_UPLOAD_MAX_MEMORY_SIZE`, 1 MiB unless set)."""
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE or MAX_BYTES


def read_body(request: Request) -> bytes:
    """The raw body. A declared length over the limit is refused before a byte of it is read."""
    coding = request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if coding not in {"", "identity"}:
        raise UnsupportedMediaType("Send the body uncompressed, without Content-Encoding.")
    try:
        body: bytes = request.body
    except RequestDataTooBig:
        raise _too_large() from None
    if len(body) > max_body_bytes():
        raise _too_large()
    return body


def read_json(request: Request) -> Any:
    """The value of the JSON body."""
    charset = str((request.content_params or {}).get("charset", "")).strip('"').lower()
    if charset not in _UTF8:
        raise UnsupportedMediaType("Send the body as application/json in UTF-8.")
    return parse(read_body(request), max_bytes=max_body_bytes())


def _too_large() -> Exception:
    return refused_body("body_too_large", f"The body is larger than {max_body_bytes()} bytes.")
