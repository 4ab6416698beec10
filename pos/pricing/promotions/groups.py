"""Rules that put units into groups of `n`, from dear to cheap."""

from fractions import Fraction

from pos.pricing.promotion_rules import CheapestFree, NForPrice
from pos.pricing.promotions.offers import Offer, unit_offer
from pos.pricing.promotions.units import Run, at_most, between, dear_to_cheap, size
from pos.pricing.working import Line


def cheapest_free(*, rule: CheapestFree, lines: list[Line], most: int | None) -> Offer | None:
    """The last unit of every full group is free."""
    runs = dear_to_cheap(lines)
    groups = at_most(size(runs) // rule.n, most)
    if not groups:
        return None
    exact: dict[Line, Fraction] = {}
    place = 0
    for run in runs:
        # Free are the places n − 1, 2n − 1, …: as many as multiples of n in (place, place + count].
        free = min(groups, (place + run.count) // rule.n) - min(groups, place // rule.n)
        exact[run.line] = run.line.value * free
        place += run.count
    return unit_offer(lines=lines, exact=exact, used=between(runs, 0, groups * rule.n))


def n_for_price(*, rule: NForPrice, lines: list[Line], most: int | None) -> Offer | None:
    """Every full group costs the price, as long as that is less than its units cost.

    Groups get cheaper and cheaper, so the first one without a discount ends the rule.
    """
    exact: dict[Line, Fraction] = {}
    used: dict[Line, int] = {}
    runs = dear_to_cheap(lines)
    left = at_most(size(runs) // rule.n, most)
    while left:
        group = between(runs, 0, rule.n)
        # A group out of one run repeats as often as the run allows.
        times = min(left, runs[0].count // rule.n) if len(group) == 1 else 1
        worth = sum([line.value * count for line, count in group.items()], Fraction(0))
        if worth <= rule.price_minor:
            break
        part_off = times * (worth - rule.price_minor) / worth
        for line, count in group.items():
            exact[line] = exact.get(line, Fraction(0)) + line.value * count * part_off
            used[line] = used.get(line, 0) + count * times
        runs = _without_first(runs, rule.n * times)
        left -= times
    return unit_offer(lines=lines, exact=exact, used=used) if used else None


def _without_first(runs: list[Run], count: int) -> list[Run]:
    for place, run in enumerate(runs):
        if run.count > count:
            return [Run(run.line, run.count - count), *runs[place + 1 :]]
        count -= run.count
    return []
