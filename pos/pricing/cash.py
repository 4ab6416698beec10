"""Step 13: what is due in cash where the smallest coin is not the minor unit. Only the tender is rounded."""

from typing import Final, NamedTuple

from pos.pricing.arithmetic import half_up
from pos.pricing.errors import IncrementNotAllowed

INCREMENTS: Final = (1, 5, 10, 50, 100)
"""Smallest coins in minor units: 5 Rappen, 10 øre, 50 öre, a whole unit."""


class CashRounding(NamedTuple):
    """`rounded_minor` is due in cash; `difference_minor` is what that adds (or, below 0, takes away)."""

    rounded_minor: int
    difference_minor: int


def cash_rounding(*, due_minor: int, increment: int) -> CashRounding:
    """The nearest multiple of `increment`, exactly half going away from zero.

    A refund is a negative amount and rounds as the sale did, so that giving back a cash sale gives back the
    coins that were taken. Raises `IncrementNotAllowed` for an increment that is not in `INCREMENTS`.
    """
    if increment not in INCREMENTS:
        raise IncrementNotAllowed(
            f"cash is rounded to one of {', '.join(map(str, INCREMENTS))}", pointer="/increment"
        )
    rounded = half_up(due_minor, increment) * increment
    return CashRounding(rounded, rounded - due_minor)
