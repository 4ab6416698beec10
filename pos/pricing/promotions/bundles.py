"""Things that are cheaper together: one bundle after the other, each out of the dearest units that are left."""

from fractions import Fraction

from pos.pricing.book import BookIndex
from pos.pricing.promotion_rules import Bundle
from pos.pricing.promotions.offers import Offer, unit_offer
from pos.pricing.promotions.selecting import selected
from pos.pricing.promotions.units import at_most, dear_to_cheap
from pos.pricing.working import Line

Ranked = list[tuple[list[Line], int]]
"""For each part of a bundle the lines it may take units of, from dear to cheap, and how many it takes."""


def bundle(*, rule: Bundle, lines: list[Line], index: BookIndex, most: int | None) -> Offer | None:
    """Bundles as long as every part can be filled and there is something off."""
    ranked: Ranked = [
        (
            [run.line for run in dear_to_cheap(selected(selector=part.select, lines=lines, index=index))],
            part.quantity,
        )
        for part in rule.parts
    ]
    left = {line: line.free_units for line in lines}
    exact: dict[Line, Fraction] = {}
    used: dict[Line, int] = {}
    allowed = at_most(sum(left.values()), most)
    while allowed:
        units = _one_bundle(ranked, left)
        part_off = _part_off(rule, units) if units else Fraction(0)
        if not part_off:
            break
        # While every line of this bundle has its units left, the next bundle is the same one.
        times = min(allowed, *(left[line] // count for line, count in units.items()))
        for line, count in units.items():
            left[line] -= count * times
            used[line] = used.get(line, 0) + count * times
            exact[line] = exact.get(line, Fraction(0)) + line.value * count * times * part_off
        allowed -= times
    return unit_offer(lines=lines, exact=exact, used=used) if used else None


def _one_bundle(ranked: Ranked, left: dict[Line, int]) -> dict[Line, int]:
    """The units of one more bundle; empty when a part cannot be filled."""
    units: dict[Line, int] = {}
    for lines, quantity in ranked:
        missing = quantity
        for line in lines:
            taken = min(missing, left[line] - units.get(line, 0))
            if taken > 0:
                units[line] = units.get(line, 0) + taken
                missing -= taken
            if not missing:
                break
        if missing:
            return {}
    return units


def _part_off(rule: Bundle, units: dict[Line, int]) -> Fraction:
    """Which share of the units' worth is taken off."""
    worth = sum([line.value * count for line, count in units.items()], Fraction(0))
    if not worth:
        return Fraction(0)
    if rule.percent is not None:
        return rule.percent
    return max(Fraction(0), 1 - (rule.price_minor or 0) / worth)
