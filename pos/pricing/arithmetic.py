"""Leaving exact numbers: rounding a ratio to whole minor units, and sharing whole amounts out.

An exact number here is a numerator over a positive denominator, both whole: the same thing as a `Fraction`
without its cost in the paths every sale takes.
"""

from collections.abc import Callable, Sequence

from pos.pricing.types import RoundingMode

Rounding = Callable[[int, int], int]
"""Rounds numerator over denominator to a whole number."""


def rounding(mode: RoundingMode) -> Rounding:
    """The rounding of a policy's mode."""
    return half_up if mode is RoundingMode.HALF_UP else half_even


def half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number; a half goes away from zero."""
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((denominator - 2 * numerator) // (2 * denominator))


def half_even(numerator: int, denominator: int) -> int:
    """The nearest whole number; a half goes to the even neighbour."""
    below, rest = divmod(numerator, denominator)
    return below + (2 * rest > denominator or (2 * rest == denominator and below % 2))


def largest_remainder(whole: int, numerators: Sequence[int], denominator: int) -> list[int]:
    """Whole parts that add up to `whole`, each its exact part rounded down or up.

    `whole` is the sum of the exact parts (none negative), rounded in either direction. What rounding every
    part down leaves over goes to the parts with the largest remainders, the earlier one on a tie: callers put
    parts in an order that does not depend on how the cart was typed.
    """
    if len(numerators) == 1:
        return [whole]
    parts = [numerator // denominator for numerator in numerators]
    left_over = whole - sum(parts)
    if left_over:
        remainders = [numerator % denominator for numerator in numerators]
        by_remainder = sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)
        for place in by_remainder[:left_over]:
            parts[place] += 1
    return parts


def share(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in proportion to `weights`, by largest remainder; equally when all weights are zero."""
    total = sum(weights)
    if not total:
        return largest_remainder(amount, [amount] * len(weights), len(weights))
    return largest_remainder(amount, [amount * weight for weight in weights], total)
