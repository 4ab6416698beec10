"""What is handed over with a gift card: the card itself on paper, with its code. Pure.

The code is money and is kept nowhere, so this exists only while somebody prints it.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from fynlo.core.clock import rfc3339


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherDocument:
    """A gift card or a store credit (`kind`) on paper; `code` as a scanner reads it, `printed` as people do."""

    kind: str
    language: str
    currency: str
    merchant: str
    location: str
    address: tuple[str, ...]
    number: str
    amount_minor: int
    at: dt.datetime
    code: str = field(repr=False)
    printed: str = field(repr=False)
    has_pin: bool = False
    expires_on: dt.date | None = None
    logo: bytes = field(default=b"", repr=False)


def voucher_values(document: VoucherDocument) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "kind": document.kind,
        "language": document.language,
        "currency": document.currency,
        "merchant": document.merchant,
        "location": document.location,
        "address": list(document.address),
        "number": document.number,
        "amount": {"amount_minor": document.amount_minor, "currency": document.currency},
        "code": document.code,
        "printed": document.printed,
        "has_pin": document.has_pin,
        "expires_on": None if document.expires_on is None else document.expires_on.isoformat(),
        "at": rfc3339(document.at),
        "has_logo": bool(document.logo),
    }
