"""Stripe's smallest units and ours. Pure.

Stripe counts in the smallest unit of the currency, which is ours but for three: ISK and UGX have no coins but are
sent with two zeros, and MGA is sent in whole ariary. Amounts with three digits must end in a zero.
Source: the vendor's page on supported currencies, "special cases".
"""

from typing import Final

from fynlo.core.money import exponent

_ZERO_DECIMAL: Final = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
)
_TWO_DECIMAL: Final = frozenset(("ISK", "UGX"))
_THREE_DECIMAL: Final = 3

LARGEST: Final = 99_999_999
"""Eight digits, in the vendor's unit."""
_SMALLEST: Final = {
    **dict.fromkeys(("USD", "EUR", "AUD", "BRL", "CAD", "CHF", "INR", "NZD", "SGD"), 50),
    **dict.fromkeys(("GBP",), 30),
    **dict.fromkeys(("DKK",), 250),
    **dict.fromkeys(("NOK", "SEK"), 300),
    **dict.fromkeys(("AED", "PLN", "RON", "MYR"), 200),
    **dict.fromkeys(("CZK",), 1500),
    "HUF": 17500,
    "HKD": 400,
    "JPY": 50,
    "MXN": 1000,
    "THB": 1000,
}
"""What is taken at least, in the vendor's unit; the vendor has the last word."""


class NotPayable(ValueError):
    """An amount that Stripe has no unit for: five cents of an ariary, one fils."""


def to_vendor(minor: int, currency: str) -> int:
    """Our minor units as Stripe's. Raises `NotPayable`."""
    theirs, rest = divmod(minor * 10 ** max(_shift(currency), 0), 10 ** max(-_shift(currency), 0))
    if rest or (exponent(currency) == _THREE_DECIMAL and theirs % 10):
        raise NotPayable(f"{minor} of {currency} cannot be sent to Stripe")
    return theirs


def from_vendor(amount: int, currency: str) -> int:
    """Stripe's units as ours; a remainder that cannot be is cut off towards zero."""
    shift = _shift(currency)
    if shift <= 0:
        return amount * int(10**-shift)
    whole = abs(amount) // int(10**shift)
    return whole if amount >= 0 else -whole


def smallest(currency: str) -> int:
    """The least that is taken, in our minor units."""
    return max(from_vendor(_SMALLEST.get(currency, 1), currency), 1)


def _shift(currency: str) -> int:
    """How many digits more Stripe has than ISO 4217: 0 nearly everywhere."""
    ours = exponent(currency)
    theirs = 0 if currency in _ZERO_DECIMAL else 2 if currency in _TWO_DECIMAL else ours
    return theirs - ours
