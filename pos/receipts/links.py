"""Public addresses of receipts: unguessable, and checked without looking anything up.

A token is what it leads to (its kind and its id) and the first 128 bits of an HMAC of that with a key of the
merchant, which is sealed in the database by one of the platform (`fynlo.core.sealing`). So nobody can make one up,
tokens of one merchant are none of another's, and there is nothing to store.
"""

import base64
import binascii
import hmac
import json
import secrets
from typing import Final
from uuid import UUID

from django.db import connection

from fynlo.core.sealing import seal, unseal
from fynlo.core.tenancy import current_schema

ORDER: Final = "s"
REFUND: Final = "r"
_KINDS: Final = (ORDER, REFUND)
_MAC_BYTES: Final = 16
_ID_BYTES: Final = 16
_READ: Final = "SELECT sealed_keys -> 'receipts' ->> 'sealed' FROM pos_cataloghead WHERE id = 1"
# Whoever comes second leaves what the first one made.
_FIRST: Final = """
UPDATE pos_cataloghead SET sealed_keys = sealed_keys || jsonb_build_object('receipts', %s::jsonb)
WHERE id = 1 AND NOT jsonb_exists(sealed_keys, 'receipts')
"""


def link(*, origin: str, kind: str, key: UUID) -> str:
    """The address on the merchant's host (`origin`: `https://cafe.example`). Raises `CannotUnseal`."""
    return f"{origin}/r/{token(kind=kind, key=key)}"


def token(*, kind: str, key: UUID) -> str:
    """The token of an order or a refund; the same whenever it is asked for."""
    return kind + base64.urlsafe_b64encode(key.bytes + _mac(kind, key)).decode().rstrip("=")


def opened(text: str) -> tuple[str, UUID] | None:
    """What a token leads to, or None if it was not made here. Takes as long whatever is wrong with it."""
    kind, body = text[:1], text[1:]
    try:
        data = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    is_whole = kind in _KINDS and len(data) == _ID_BYTES + _MAC_BYTES
    data = data if is_whole else bytes(_ID_BYTES + _MAC_BYTES)
    key = UUID(bytes=data[:_ID_BYTES])
    is_ours = hmac.compare_digest(_mac(kind, key), data[_ID_BYTES:])
    return (kind, key) if is_ours and is_whole and token(kind=kind, key=key) == text else None


def _mac(kind: str, key: UUID) -> bytes:
    message = f"receipt {current_schema()} {kind} {key}".encode()
    return hmac.digest(_key(), message, "sha256")[:_MAC_BYTES]


def _key() -> bytes:
    """The merchant's key, made when it is first needed. One statement, three the first time."""
    sealed = _stored()
    if sealed is None:
        with connection.cursor() as cursor:
            cursor.execute(_FIRST, [json.dumps({"sealed": seal(secrets.token_bytes(32))})])
        sealed = _stored()
    if sealed is None:
        raise RuntimeError("the head of the catalogue is missing")
    return unseal(sealed)


def _stored() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        row = cursor.fetchone()
    return None if row is None else row[0]
