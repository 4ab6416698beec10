"""The secrets of pairing: how a code's second half is kept, and how a lost answer is given again.

The second half of a code has 20 bits, so a plain hash of it would be found in a second by whoever reads the
table. It is kept under a key of the server's (HMAC-SHA256).

A till whose answer was lost sends the same request again, with the same `Idempotency-Key`. Its token must be
the same, so that two answers under way cannot take each other's token away; and no token may be stored in
clear. So the token of a request with a key is computed: from the server's key, the code's row, the code, and the
till's key. Whoever lacks one of these cannot compute it. Without an `Idempotency-Key` it is random.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from django.conf import settings

from fynlo.env import SecretText
from staff.access.tokens import DEVICE, new_token
from sync.terminals.codes import Code
from sync.terminals.models import PairingCode


@dataclass(frozen=True, slots=True)
class PairingRequest:
    """What a till asks with. `idempotency_key` is empty when it sent none."""

    code: Code | None = field(repr=False)
    device_name: str
    public_key: str | None = None
    idempotency_key: str = field(default="", repr=False)


def secret_hash(code: Code) -> str:
    """What is stored of a code's second half."""
    return _keyed("secret", code.selector, code.secret).hex()


def request_hash(request: PairingRequest) -> str | None:
    """What recognises the same request when it comes again; None for one that cannot be repeated."""
    if not request.idempotency_key:
        return None
    return _keyed("request", request.idempotency_key, request.device_name, request.public_key or "").hex()


def token_for(row: PairingCode, request: PairingRequest) -> SecretText:
    """The device's token: the same one for the same request, a random one for a request without a key."""
    if not request.idempotency_key or request.code is None:
        return new_token(DEVICE)
    raw = _keyed("token", str(row.pk), request.code.text, request.idempotency_key, row.secret_hash)
    return SecretText(DEVICE + base64.urlsafe_b64encode(raw).rstrip(b"=").decode())


def _keyed(purpose: str, *parts: str) -> bytes:
    message = "\0".join(("fynlo pairing 1", purpose, *parts))
    return hmac.new(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256).digest()
