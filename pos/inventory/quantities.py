"""Stored quantities as people and the API read them, and the one place where one is rounded. Pure."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final

PLACES: Final = 6
"""Digits after the point of a quantity of stock."""
MOST: Final = Decimal("999999999999.999999")
"""The largest quantity a movement can have."""
COST_PLACES: Final = 9
"""Digits after the point of a cost per unit, in minor units."""
VALUE_PLACES: Final = 15
"""Digits after the point of a value, in minor units: a quantity times a cost is never rounded."""
_WIDE: Final = Context(prec=60)


def plain_quantity(value: Decimal) -> str:
    """A quantity without exponent or trailing zeros: `0.335`, `2`, `-1.5`, `0`."""
    return plain_cost(value)


def plain_cost(value: Decimal) -> str:
    """A cost or a value without exponent or trailing zeros, all its places kept: `0.000000001`, `1250`, `-0.5`."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-", "-0"} else text


def stock_quantity(exact: Fraction) -> Decimal:
    """An exact quantity as a movement stores it: six places, half away from zero. Rounded once per movement."""
    return _rounded(exact, PLACES, ROUND_HALF_UP)


def unit_cost(value_minor: Decimal | Fraction, quantity: Decimal | Fraction) -> Decimal:
    """What one unit of stock costs when `quantity` is worth `value_minor`: nine places, half to even."""
    return _rounded(Fraction(value_minor) / Fraction(quantity), COST_PLACES, ROUND_HALF_EVEN)


def stock_value(exact: Fraction) -> Decimal:
    """An exact value as a movement stores it: fifteen places, half to even."""
    return _rounded(exact, VALUE_PLACES, ROUND_HALF_EVEN)


def whole_minor(value_minor: Decimal) -> int:
    """A value as people are told it: whole minor units, half away from zero."""
    return int(value_minor.quantize(Decimal(1), rounding=ROUND_HALF_UP, context=_WIDE))


def _rounded(exact: Fraction, places: int, rounding: str) -> Decimal:
    """Decided on whole numbers, so no digit of the quotient is lost before the half is looked at."""
    scaled = exact * 10**places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    twice = 2 * rest - scaled.denominator
    if twice > 0 or (twice == 0 and (rounding == ROUND_HALF_UP or whole % 2)):
        whole += 1
    value = Decimal(whole).scaleb(-places, context=_WIDE)
    return -value if scaled < 0 and whole else value
