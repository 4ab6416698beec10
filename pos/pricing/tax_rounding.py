"""Step 10: taxes in whole minor units, rounded where the policy says and shared out so that parts add up."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from pos.pricing.arithmetic import Rounding, largest_remainder
from pos.pricing.tax_rules import TaxKey
from pos.pricing.taxes import Taxed
from pos.pricing.types import RoundingScope

Place = tuple[Taxed, int]
"""One tax of one part: the part and the place of the component."""


def round_taxes(*, parts: Sequence[Taxed], scope: RoundingScope, round_to_minor: Rounding) -> None:
    """Fill in `rounded` of every part; `parts` come in an order that does not depend on the cart's typing."""
    if scope is RoundingScope.PER_LINE:
        for part in parts:
            denominator = part.denominator
            part.rounded = [round_to_minor(numerator, denominator) for numerator in part.exact]
    else:
        _round_together(parts, scope, round_to_minor)
    for part in parts:
        if part.rule.inclusive and len(part.rounded) > 1:
            _keep_net_above_zero(part)


def _round_together(parts: Sequence[Taxed], scope: RoundingScope, round_to_minor: Rounding) -> None:
    places: dict[TaxKey, list[Place]] = {}
    for part in parts:
        part.rounded = [0] * len(part.exact)
        for component, key in enumerate(part.rule.keys):
            places.setdefault(key, []).append((part, component))
    sums = {key: _sum(places[key]) for key in sorted(places)}
    if scope is RoundingScope.PER_RATE:
        wholes = {key: round_to_minor(*exact.as_integer_ratio()) for key, exact in sums.items()}
    else:
        wholes = _round_order(sums, round_to_minor)
    for key, own in places.items():
        numerators, denominator = _on_one_denominator([_exact(place) for place in own])
        shares = largest_remainder(wholes[key], numerators, denominator)
        for (part, component), share in zip(own, shares, strict=True):
            part.rounded[component] = share


def _round_order(sums: dict[TaxKey, Fraction], round_to_minor: Rounding) -> dict[TaxKey, int]:
    """The whole tax of each key, out of the order's rounded tax.

    Contained and added taxes are rounded apart: what a customer pays must not depend on the tax contained in
    the price of something else.
    """
    wholes: dict[TaxKey, int] = {}
    for inclusive in (True, False):
        keys = [key for key in sums if key[3] is inclusive]
        if keys:
            whole = round_to_minor(*sum([sums[key] for key in keys], Fraction(0)).as_integer_ratio())
            numerators, denominator = _on_one_denominator([sums[key] for key in keys])
            wholes.update(zip(keys, largest_remainder(whole, numerators, denominator), strict=True))
    return wholes


def _sum(places: list[Place]) -> Fraction:
    """The exact tax of all places; whole numbers are added per denominator, of which there are few."""
    by_denominator: dict[int, int] = {}
    for part, component in places:
        numerator = part.exact[component]
        by_denominator[part.denominator] = by_denominator.get(part.denominator, 0) + numerator
    return sum([Fraction(*ratio) for ratio in ((n, d) for d, n in by_denominator.items())], Fraction(0))


def _exact(place: Place) -> Fraction:
    part, component = place
    return Fraction(part.exact[component], part.denominator)


def _on_one_denominator(exact: list[Fraction]) -> tuple[list[int], int]:
    denominator = lcm(*(fraction.denominator for fraction in exact))
    return [fraction.numerator * (denominator // fraction.denominator) for fraction in exact], denominator


def _keep_net_above_zero(part: Taxed) -> None:
    """Several contained taxes rounded up can be more than the amount: then the last ones are lowered."""
    excess = part.tax - part.amount
    for component in reversed(range(len(part.rounded))):
        if excess <= 0:
            return
        lowered = min(excess, part.rounded[component])
        part.rounded[component] -= lowered
        excess -= lowered
