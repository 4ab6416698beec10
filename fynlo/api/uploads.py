"""Files sent as the raw body of a request: bounded by what is declared, and by what arrives (trap 31)."""

from collections.abc import Collection
from typing import Any, ClassVar, Final

from django.http import UnreadablePostError
from rest_framework.request import Request

from fynlo.api.errors import UnsupportedMediaType
from fynlo.core.errors import InvalidInput

_CHUNK: Final = 64 * 1024


class UploadTooLarge(InvalidInput):
    """The file is larger than this endpoint takes; nothing of it was kept."""

    code: ClassVar[str] = "upload_too_large"
    status: ClassVar[int] = 413
    title: ClassVar[str] = "The file is too large"


class UploadEmpty(InvalidInput):
    """The request has no body; the file itself is expected in it, not a form."""

    code: ClassVar[str] = "upload_empty"
    title: ClassVar[str] = "There is no file in the request"


def read_upload(request: Request, *, media_types: Collection[str], most_bytes: int) -> bytes:
    """The raw body, if it is declared as one of `media_types` (`image/*` means all of that kind).

    A declared length over `most_bytes` is refused unread, and reading stops as soon as more has come than that,
    whatever was declared. Raises `UploadTooLarge`, `UploadEmpty` and `UnsupportedMediaType` (compressed
    bodies too: what they grow to is anybody's guess).
    """
    if request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower() not in {"", "identity"}:
        raise UnsupportedMediaType("Send the file uncompressed, without Content-Encoding.")
    _check_media_type(str(request.content_type or ""), media_types)
    if _declared(request) > most_bytes:
        raise _too_large(most_bytes)
    chunks: list[bytes] = []
    left = most_bytes
    stream: Any = request  # passes `read` on to Django's request
    while chunk := _read(stream, min(_CHUNK, left + 1)):
        left -= len(chunk)
        if left < 0:
            raise _too_large(most_bytes)
        chunks.append(chunk)
    if not chunks:
        raise UploadEmpty("Send the file itself as the body of the request.")
    return b"".join(chunks)


def _check_media_type(declared: str, known: Collection[str]) -> None:
    name = declared.partition(";")[0].strip().lower()
    if name not in known and f"{name.partition('/')[0]}/*" not in known:
        raise UnsupportedMediaType(f"Send the file itself as {' or '.join(sorted(known))}.")


def _declared(request: Request) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if str(text).isascii() and str(text).isdigit() else 0


def _read(stream: Any, size: int) -> bytes:
    try:
        data: bytes = stream.read(size)
    except OSError as error:
        raise UnreadablePostError(*error.args) from error
    return data


def _too_large(most_bytes: int) -> UploadTooLarge:
    return UploadTooLarge(f"At most {most_bytes} bytes are taken.", most_bytes=most_bytes)
