"""Quantities in another unit, exactly: metric units among themselves, and an item's own units. Pure.

What a merchant buys by the case or the kilogram, counts in grams and sells by the portion is one quantity; it
never goes through a rounded number on the way.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

METRIC: Final = {
    "kg": ("mass", Fraction(1000)),
    "g": ("mass", Fraction(1)),
    "l": ("volume", Fraction(1000)),
    "ml": ("volume", Fraction(1)),
}
"""Units that have a fixed factor to each other, and how many of the smallest one each is."""


class NoConversion(ValueError):
    """Two units between which nothing says how many of one is one of the other."""


def convert(
    *,
    quantity: Decimal | Fraction | int,
    from_unit: str,
    to_unit: str,
    units: Iterable[Mapping[str, Any]] = (),
    unit: str = "each",
) -> Fraction:
    """`quantity` of `from_unit` in `to_unit`, for an item with `units` of its own, counted in `unit`.

    `units` are as an item states them: one `code` is `numerator`/`denominator` of `unit`. Both ways are exact,
    so there and back is the same quantity. Raises `NoConversion`.
    """
    if from_unit == to_unit:
        return Fraction(quantity)
    if same_dimension(from_unit, to_unit):
        return Fraction(quantity) * METRIC[from_unit][1] / METRIC[to_unit][1]
    own = {each["code"]: Fraction(each["numerator"], each["denominator"]) for each in units}
    return Fraction(quantity) * _size(from_unit, unit, own) / _size(to_unit, unit, own)


def same_dimension(one: str, other: str) -> bool:
    """Whether both are metric units of one kind, between which the factor is known."""
    return one in METRIC and other in METRIC and METRIC[one][0] == METRIC[other][0]


def _size(code: str, unit: str, own: Mapping[str, Fraction]) -> Fraction:
    """How many `unit` one `code` is: directly, or by a unit of the same dimension that is the item's own."""
    if code == unit:
        return Fraction(1)
    if code in own:
        return own[code]
    if same_dimension(code, unit):
        return METRIC[code][1] / METRIC[unit][1]
    for known, factor in own.items():
        if same_dimension(code, known):
            return factor * METRIC[code][1] / METRIC[known][1]
    raise NoConversion(f"nothing says how many {unit} one {code} is")
