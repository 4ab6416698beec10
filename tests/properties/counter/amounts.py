"""Prices, taxes and shares as somebody with a pencil works them out: exact fractions, rounded on receipts."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Final, NamedTuple


class Good(NamedTuple):
    """A price per unit, and a tax that is in it or comes on top."""

    price: int
    tax_class: str
    rate: Fraction
    is_inclusive: bool = True


GOODS: Final = {
    "cappuccino": Good(380, "standard", Fraction(19, 100)),
    "roll": Good(45, "reduced", Fraction(7, 100)),
    "cheese": Good(1299, "zero", Fraction(0)),
    "book": Good(1000, "added", Fraction(20, 100), is_inclusive=False),
}


class Amounts(NamedTuple):
    """Net and tax of a line, and both."""

    net: int
    tax: int

    @property
    def total(self) -> int:
        """What the guest pays."""
        return self.net + self.tax

    def plus(self, other: "Amounts") -> "Amounts":
        """Both."""
        return Amounts(self.net + other.net, self.tax + other.tax)

    def less(self, other: "Amounts") -> "Amounts":
        """Without the other."""
        return Amounts(self.net - other.net, self.tax - other.tax)

    def part(self, share: Fraction) -> "Amounts":
        """A share of it: all of it and its tax are rounded, net is the rest."""
        tax = half_up(self.tax * share)
        return Amounts(half_up(self.total * share) - tax, tax)


NOTHING: Final = Amounts(0, 0)


def half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    return floor(value + Fraction(1, 2)) if value >= 0 else -floor(-value + Fraction(1, 2))


def coins(amount: int, increment: int) -> int:
    """The nearest sum that coins can make."""
    return half_up(Fraction(amount, increment)) * increment


def shared_out(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in whole units by these weights: first rounded down, then one more where most was cut off."""
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    parts = [floor(each) for each in exact]
    by_rest = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_rest[: amount - sum(parts)]:
        parts[place] += 1
    return parts
