"""Money counts whole minor units and knows its currency. Never float, never a fixed factor of a hundred.

Minor-unit exponents are ISO 4217 (list one). Rounding happens here by name, and whatever is divided is
divided by largest remainder, so that the parts add up to the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_EXPONENT_2 = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
    "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
    "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR "
    "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
    "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
)
_EXPONENTS: dict[str, int] = {
    **dict.fromkeys(_EXPONENT_2.split(), 2),
    **dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX"], 0),
    **dict.fromkeys(["VND", "VUV", "XAF", "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}

CURRENCIES: tuple[str, ...] = tuple(sorted(_EXPONENTS))
"""Every currency code Fynlo knows, sorted."""

MAX_MINOR = 2**53 - 1
"""Largest amount that travels safely through JSON (RFC 8259, section 6)."""


class UnknownCurrency(ValueError):
    """A currency code that ISO 4217 does not list, or that has no minor unit."""


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added or compared."""


def exponent(currency: str) -> int:
    """Digits after the point: EUR 2, JPY 0, KWD 3. Raises `UnknownCurrency`."""
    try:
        return _EXPONENTS[currency]
    except KeyError:
        raise UnknownCurrency(f"{currency!r} is not a currency of ISO 4217") from None


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of `minor` units (cents, yen, fils) of `currency`. May be negative."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("money counts whole minor units")
        exponent(self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not add up")
        return other.minor


def round_half_up(value: Fraction) -> int:
    """Nearest integer; a half goes away from zero (commercial rounding)."""
    doubled = abs(value) * 2
    magnitude = int((doubled.numerator + doubled.denominator) // (2 * doubled.denominator))
    return magnitude if value >= 0 else -magnitude


def round_half_even(value: Fraction) -> int:
    """Nearest integer; a half goes to the even neighbour (banker's rounding)."""
    return round(value)


def allocate(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Divide `total` minor units by `weights` so that the parts add up to it (largest remainder).

    Ties go to the larger weight, then to the earlier place. All weights zero: spread evenly.
    Raises ValueError when there is nobody to give to or a weight is negative.
    """
    if not weights:
        raise ValueError("there is nobody to divide among")
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is negative")
    shares = [Fraction(weight) for weight in weights]
    whole = sum(shares, Fraction(0))
    if whole == 0:
        shares, whole = [Fraction(1)] * len(shares), Fraction(len(shares))
    sign, amount = (1, total) if total >= 0 else (-1, -total)
    exact = [amount * share / whole for share in shares]
    parts = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], -shares[i], i))
    for i in order[: amount - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]


def format_money(money: Money) -> str:
    """The amount with a decimal point and no grouping: `12.50`, `-0.05`, `1250` for JPY, `1.250` for KWD."""
    digits = exponent(money.currency)
    sign, text = ("-" if money.minor < 0 else ""), str(abs(money.minor)).rjust(digits + 1, "0")
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def spell_money(minor: int, currency: str) -> str:
    """The amount as people are told it, with its currency: `12.50 EUR`."""
    return f"{format_money(Money(minor, currency))} {currency}"
