"""What a receipt has to say of a card: which one, how it was read, and who allowed it. Never its number. Pure.

The fields are those that schemes want on a receipt of a chip card (EMV); a vendor tells what the reader told it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

_BRANDS: Final = {
    "amex": "American Express",
    "eftpos_au": "eftpos",
    "jcb": "JCB",
    "unionpay": "UnionPay",
    "girocard": "girocard",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSlip:
    """One card payment. `application` is the chip's own name for itself, `verification` how its holder was known.

    `tvr`, `tsi` and `cryptogram` are the chip's own words, in hexadecimal digits. `slip_number` is
    what people typed off the slip of a machine of its own. `is_signed`: a signature is kept.
    """

    brand: str = ""
    last4: str = ""
    wallet: str = ""
    application: str = ""
    aid: str = ""
    account_type: str = ""
    authorisation_code: str = ""
    response_code: str = ""
    verification: str = ""
    cryptogram: str = ""
    tvr: str = ""
    tsi: str = ""
    slip_number: str = ""
    is_signed: bool = False

    @property
    def wants_signature(self) -> bool:
        """Whether its holder is known by a signature and none is kept: then the paper has a line for it."""
        return "signature" in self.verification and not self.is_signed

    @property
    def scheme(self) -> str:
        """The card as people call it: `Visa`, `American Express, apple pay`."""
        brand = _BRANDS.get(self.brand) or _readable(self.brand)
        return ", ".join(part for part in (brand, self.wallet.replace("_", " ")) if part)


_READ: Final = frozenset(field.name for field in fields(CardSlip)) - {"is_signed"}


def card_slip(*, card: Mapping[str, Any], is_signed: bool = False) -> CardSlip:
    """The slip of a card as an attempt keeps it; what it does not say is empty."""
    said = {**card.get("receipt", {}), **card}
    known = {name: str(said[name]) for name in _READ if said.get(name)}
    return CardSlip(**known, is_signed=is_signed)


def _readable(code: str) -> str:
    return code.replace("_", " ").capitalize()
