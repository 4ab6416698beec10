"""Stripe's smallest units and ours. Pure.

Stripe counts in the smallest unit of the currency, which is ours but for three: ISK and UGX have no coins but are
sent with two zeros, and MGA is sent in whole ariary. Amounts with three digits must end in a zero, also those of
refunds. HUF and TWD are like any other here: only payouts of theirs come in whole units.
Source: the vendor's page on supported currencies (docs.stripe.com/currencies: zero-decimal, three-decimal, special
cases, minimum and maximum charge amounts).
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
    **dict.fromkeys(("ARS", "COP", "IDR", "ILS", "KRW", "PHP", "RUB", "ZAR"), 50),
    **dict.fromkeys(("GBP",), 30),
    **dict.fromkeys(("BGN",), 100),
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
"""What is taken at least, in the vendor's unit. The vendor has the last word: what is paid out in another currency
has to be worth the least of that one."""


class NotPayable(ValueError):
    """An amount that Stripe has no unit for: five cents of an ariary, one fils."""


def to_vendor(minor: int, currency: str) -> int:
    """Our minor units as Stripe's. Raises `NotPayable`."""
    if minor % step(currency):
        raise NotPayable(f"{minor} of {currency} cannot be sent to Stripe")
    shift = _shift(currency)
    return minor * int(10**shift) if shift > 0 else minor // int(10**-shift)


def step(currency: str) -> int:
    """What every amount is a multiple of, in our minor units: 10 of three digits, 100 of MGA, else 1."""
    return 10 if exponent(currency) == _THREE_DECIMAL else int(10 ** max(-_shift(currency), 0))


def rounded_down(minor: int, currency: str) -> int:
    """The most up to `minor` that the vendor has a unit for."""
    return minor - minor % step(currency)


def from_vendor(amount: int, currency: str) -> int:
    """Stripe's units as ours; a remainder that cannot be is cut off towards zero."""
    shift = _shift(currency)
    if shift <= 0:
        return amount * int(10**-shift)
    whole = abs(amount) // int(10**shift)
    return whole if amount >= 0 else -whole


def smallest(currency: str) -> int:
    """The least that is taken, in our minor units."""
    return max(from_vendor(_SMALLEST.get(currency, 1), currency), step(currency))


def largest(currency: str) -> int:
    """The most that is taken at once, in our minor units."""
    return rounded_down(from_vendor(LARGEST, currency), currency)


def _shift(currency: str) -> int:
    """How many digits more Stripe has than ISO 4217: 0 nearly everywhere."""
    ours = exponent(currency)
    theirs = 0 if currency in _ZERO_DECIMAL else 2 if currency in _TWO_DECIMAL else ours
    return theirs - ours
