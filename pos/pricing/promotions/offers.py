"""What a rule would take off: an exact amount for each line, and the whole units it uses up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from pos.pricing.working import Line


@dataclass(slots=True, eq=False)
class Offer:
    """`numerators` over `denominator` for each of `lines`, which are in canonical order."""

    lines: Sequence[Line]
    numerators: list[int]
    denominator: int
    used: dict[Line, int] = field(default_factory=dict)

    def limited(self) -> None:
        """No line gets more than what is left of it."""
        most = self.denominator
        self.numerators = [
            min(numerator, line.left * most)
            for numerator, line in zip(self.numerators, self.lines, strict=True)
        ]


def unit_offer(*, lines: Sequence[Line], exact: dict[Line, Fraction], used: dict[Line, int]) -> Offer:
    """An offer out of fractions: all brought to one denominator."""
    denominator = lcm(*(fraction.denominator for fraction in exact.values()))
    zero = Fraction(0)
    return Offer(
        lines=lines,
        numerators=[int(exact.get(line, zero) * denominator) for line in lines],
        denominator=denominator,
        used=used,
    )
