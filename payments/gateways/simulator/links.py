"""Addresses of the pages on which a guest pays a simulated payment: unguessable, and nothing is stored for them."""

import base64
import binascii
from typing import Final
from uuid import UUID

from fynlo.core.macs import is_genuine, mac

_PATH: Final = "/pay/simulator/"
_ID_BYTES: Final = 16
_MAC_BYTES: Final = 16
_PURPOSE: Final = "simulator page"


def page_address(*, key: UUID, origin: str) -> str:
    """The address of a payment's page on the merchant's host, wherever the guest goes afterwards."""
    text = (
        base64.urlsafe_b64encode(key.bytes + mac(purpose=_PURPOSE, about=str(key), size=_MAC_BYTES))
        .decode()
        .rstrip("=")
    )
    return f"{origin}{_PATH}{text}"


def opened(text: str) -> UUID | None:
    """The payment an address leads to, or None if it was not made here."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    is_whole = len(data) == _ID_BYTES + _MAC_BYTES
    data = data if is_whole else bytes(_ID_BYTES + _MAC_BYTES)
    key = UUID(bytes=data[:_ID_BYTES])
    is_ours = is_genuine(data[_ID_BYTES:], purpose=_PURPOSE, about=str(key), size=_MAC_BYTES)
    return key if is_ours and is_whole else None
