"""A page of ours on which a guest pays by card, wallet or bank: its address, and what its script needs.

The address holds the attempt's id and a part of an HMAC, so nobody can make one up and nothing is stored. The
client secret is fetched by it when the page is open, from the vendor, and is never kept.
"""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from fynlo.core.macs import is_genuine, mac
from payments.gateways import states
from payments.gateways.base import Attempt
from payments.gateways.origins import origin
from payments.gateways.stripe import intents
from payments.gateways.stripe.answers import WAITING, read_intent
from payments.gateways.stripe.client import client_of, publishable_key
from payments.gateways.stripe.errors import reading

_ID_BYTES: Final = 16
_MAC_BYTES: Final = 16
_PURPOSE: Final = "stripe page"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSession:
    """What the page's script is given. `client_secret` lets a guest pay this one payment and nothing else."""

    state: str
    publishable_key: str = ""
    account: str = ""
    client_secret: str = field(default="", repr=False)


def page_address(*, attempt: Attempt) -> str:
    """The page of an attempt, on the merchant's host: wherever the guest goes afterwards, it is served there."""
    return f"{origin(attempt.connection)}/pay/{token(attempt.id)}"


def token(attempt_id: UUID) -> str:
    """The token of an attempt; the same whenever it is asked for."""
    return (
        base64.urlsafe_b64encode(
            attempt_id.bytes + mac(purpose=_PURPOSE, about=str(attempt_id), size=_MAC_BYTES)
        )
        .decode()
        .rstrip("=")
    )


def opened(text: str) -> UUID | None:
    """The attempt a token leads to, or None if it was not made here for this merchant."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    is_whole = len(data) == _ID_BYTES + _MAC_BYTES
    data = data if is_whole else bytes(_ID_BYTES + _MAC_BYTES)
    key = UUID(bytes=data[:_ID_BYTES])
    is_ours = is_genuine(data[_ID_BYTES:], purpose=_PURPOSE, about=str(key), size=_MAC_BYTES)
    return key if is_ours and is_whole else None


def page_session(attempt: Attempt) -> PageSession:
    """What the guest's browser needs to pay it now, or only its state once that is over.

    Raises `NotConnected`, `TryAgain`.
    """
    if not attempt.vendor_id:
        return PageSession(state=attempt.state)
    with client_of(attempt.connection) as client, reading():
        intent = intents.retrieve(client, attempt.vendor_id)
        if intent["status"] not in WAITING:
            # Paid, over, or on its way: whoever sees the form once more would pay once more.
            known = read_intent(attempt, intent)
            return PageSession(state="wait" if known.next.kind == "wait" else known.state)
        own = bool(attempt.connection.secrets.get("secret_key"))
        return PageSession(
            state=states.PRESENTED,
            publishable_key=publishable_key(attempt.connection),
            account="" if own else attempt.connection.account,
            client_secret=str(intent["client_secret"]),
        )
