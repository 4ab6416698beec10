"""Exact numbers of the reference: texts to fractions, the two ways to round, sharing by largest remainder."""

from decimal import Decimal
from fractions import Fraction
from typing import Any


def plain(text: str) -> str:
    """A decimal as it is stored: no exponent, no trailing zeros ("0.190" is "0.19", "1E+2" is "100")."""
    number = format(Decimal(text), "f")
    return number.rstrip("0").rstrip(".") if "." in number else number


def floor(value: Fraction) -> int:
    """The whole number at or below `value`."""
    return value.numerator // value.denominator


def nearest(value: Fraction, mode: str) -> int:
    """The nearest whole number, found by the distance to both neighbours; half goes away from zero or to even."""
    if value < 0:
        return -nearest(-value, mode)
    below = floor(value)
    above = below + 1
    if value - below < above - value:
        return below
    if value - below > above - value:
        return above
    if mode == "half_up":
        return above
    if mode == "half_even":
        return below if below % 2 == 0 else above
    raise ValueError(mode)


def largest_remainder(whole: int, exact: list[Fraction], order: list[Any]) -> list[int]:
    """`whole` in whole parts as near to `exact` as can be; left-over units one each to the largest remainders.

    `order` has one entry per part and decides between equal remainders (the smaller one first).
    """
    shares = [floor(part) for part in exact]
    left_over = whole - sum(shares)
    if not 0 <= left_over <= len(shares):
        raise AssertionError(f"{whole} is not the rounded sum of {exact}")
    by_remainder = sorted(range(len(exact)), key=lambda index: (shares[index] - exact[index], order[index]))
    for index in by_remainder[:left_over]:
        shares[index] += 1
    return shares


def shared_by_weight(amount: int, weights: list[Fraction], order: list[Any]) -> list[int]:
    """`amount` in proportion to `weights`; equally when all of them are zero."""
    whole = sum(weights)
    if whole == 0:
        weights, whole = [Fraction(1)] * len(weights), Fraction(len(weights))
    return largest_remainder(amount, [amount * weight / whole for weight in weights], order)
