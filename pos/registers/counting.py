"""What a drawer should hold, and how far the count is from it: pure arithmetic over its movements.

Worked numbers: `docs/algorithms/ledger.md`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fynlo.core.errors import RuleViolation


class CountNegative(RuleViolation):
    """A drawer cannot hold less than nothing."""

    code = "count_negative"
    title = "The count is below zero"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerCount:
    """A counted drawer, in minor units. `variance_minor` is positive when there is more than there should be."""

    expected_minor: int
    counted_minor: int

    @property
    def variance_minor(self) -> int:
        """Counted less expected."""
        return self.counted_minor - self.expected_minor


def count_drawer(*, movements: Iterable[int], counted_minor: int) -> DrawerCount:
    """Compare a count with the sum of a session's movements: float and cash taken in, change given out.

    Movements are signed minor units, out of the drawer negative. The sum may be below zero (change given
    from a drawer opened without a float); a count may not: raises `CountNegative`.
    """
    if counted_minor < 0:
        raise CountNegative("count what is in the drawer", pointer="/counted")
    return DrawerCount(expected_minor=sum(movements), counted_minor=counted_minor)
