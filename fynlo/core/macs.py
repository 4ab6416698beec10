"""Proofs that something was made here: an HMAC with the platform's secret, for one purpose at one merchant.

`SECRET_KEY` makes them; it and every one of `SECRET_KEY_FALLBACKS` tells that one is genuine. To change the secret,
put the old one among the fallbacks, and take it away when nothing made with it is needed any more.

A purpose is a few words that no other has: what is genuine for one is nothing for another, and what was made at one
merchant is nothing at another.
"""

import hmac
from collections.abc import Iterator
from typing import Final

from django.conf import settings

from fynlo.core.tenancy import current_schema

_SIZE: Final = 32


def mac(*, purpose: str, about: str | bytes, size: int = _SIZE) -> bytes:
    """The proof, or its first `size` bytes. Made with the secret of now."""
    return _made(settings.SECRET_KEY, purpose, about)[:size]


def is_genuine(given: bytes, *, purpose: str, about: str | bytes, size: int = _SIZE) -> bool:
    """Whether `given` was made by `mac`, with the secret of now or one that is not forgotten yet."""
    found = [hmac.compare_digest(_made(key, purpose, about)[:size], given) for key in _keys()]
    return any(found)


def _keys() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def _made(key: str, purpose: str, about: str | bytes) -> bytes:
    text = about.encode() if isinstance(about, str) else about
    return hmac.digest(key.encode(), f"{purpose} {current_schema()} ".encode() + text, "sha256")
