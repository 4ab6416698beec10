"""Exact decimals of at most six places: how they are counted, and how they are written."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

PLACES: Final = 6
"""Decimal places of quantities and rates: the scale of their columns."""

SCALE: Final = 10**PLACES
"""Millionths in one."""


def millionths(value: Decimal | Fraction | int) -> int:
    """`value` in millionths. What is finer is refused before anything is computed (`pos.pricing.limits`)."""
    if isinstance(value, int):
        return value * SCALE
    numerator, denominator = value.as_integer_ratio()
    return numerator * SCALE // denominator


def plain_decimal(value: Decimal | Fraction | int) -> str:
    """A number of at most six decimal places as text: `0.335`, `2`, `1000000`, `-0.5`."""
    counted = millionths(value)
    whole, part = divmod(abs(counted), SCALE)
    sign = "-" if counted < 0 else ""
    return f"{sign}{whole}.{part:06}".rstrip("0").rstrip(".") if part else f"{sign}{whole}"
