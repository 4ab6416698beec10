"""The one place where pricing leaves exact fractions: rounding to whole minor units, and sharing out."""

from collections.abc import Sequence
from fractions import Fraction

from fynlo.core.money import round_half_even, round_half_up
from pos.pricing.engine1.types import RoundingMode


def round_minor(*, exact: Fraction, mode: RoundingMode) -> int:
    """`exact` minor units as a whole number, half going the way `mode` says."""
    return round_half_up(exact) if mode is RoundingMode.HALF_UP else round_half_even(exact)


def share_out(*, whole: int, exact: Sequence[Fraction]) -> list[int]:
    """Whole parts that add up to `whole`, each its exact part rounded down or up.

    `whole` is the sum of `exact` (none negative) rounded in either direction. What rounding every part down
    leaves over goes to the parts with the largest remainders, the earlier one on a tie: callers put the
    parts in an order that does not depend on how the cart was typed. `fynlo.core.money.allocate` divides in
    proportion instead, which may move a part by more than one unit when `whole` itself was rounded.
    """
    parts = [part.numerator // part.denominator for part in exact]
    left_over = whole - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[:left_over]:
        parts[index] += 1
    return parts
