"""Step 6, the rules that count pieces: every unit is a thing of its own here, however slow that is."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from tests.pricing_reference.book import Json, Line


@dataclass(eq=False)
class Unit:
    """One piece of a line and what it is worth after the line's own discounts."""

    line: Line
    value: Fraction


Pool = Callable[[Json], list[Unit]]
"""Selector → its units, from dear to cheap."""

Used = list[tuple[Unit, Fraction]]
"""The units a rule used up, each with its discount (which may be nothing, as for the bought ones)."""


def units_of(lines: list[Line]) -> list[Unit]:
    """The units no rule has used yet, of lines with a whole quantity, from dear to cheap."""
    units = [
        Unit(line=line, value=Fraction(line.after_line_discounts) / line.quantity)
        for line in lines
        if line.quantity.denominator == 1
        for _ in range(int(line.quantity) - line.used_units)
    ]
    return sorted(units, key=lambda unit: (-unit.value, unit.line.order))


def groups_of(units: list[Unit], size: int) -> list[list[Unit]]:
    """Full groups from the front; what does not fill a group is left out."""
    return [units[start : start + size] for start in range(0, len(units) - size + 1, size)]


def value_of(units: list[Unit]) -> Fraction:
    """What the units are worth together."""
    return sum((unit.value for unit in units), Fraction(0))


def in_proportion(discount: Fraction, units: list[Unit]) -> Used:
    """A discount over units by their values."""
    return [(unit, discount * unit.value / value_of(units)) for unit in units]


def n_for_price(rule: Json, pool: Pool, limit: int | None) -> Used:
    """Groups of n for one price, the dearest together."""
    used: Used = []
    groups = 0
    for group in groups_of(pool(rule["select"]), rule["n"]):
        discount = value_of(group) - rule["price_minor"]
        if discount > 0 and (limit is None or groups < limit):
            used += in_proportion(discount, group)
            groups += 1
    return used


def cheapest_free(rule: Json, pool: Pool, limit: int | None) -> Used:
    """Groups of n, the dearest together; the last of each is free."""
    used: Used = []
    for group in groups_of(pool(rule["select"]), rule["n"])[:limit]:
        used += [(unit, Fraction(0)) for unit in group[:-1]]
        used.append((group[-1], group[-1].value))
    return used


def buy_get(rule: Json, pool: Pool, limit: int | None) -> Used:
    """Buy some, get others for less: the most applications there can be, dear ones bought, cheap ones got."""
    buy, get, percent = rule["buy_quantity"], rule["get_quantity"], Fraction(rule["percent"])
    bought_from = pool(rule["buy"])
    same = rule.get("get") is None
    got_from = bought_from if same else pool(rule["get"])
    only_bought = [unit for unit in bought_from if not is_in(unit, got_from)]
    both = [unit for unit in bought_from if is_in(unit, got_from)]
    together = len(only_bought) + len(got_from)
    times = 0
    while (
        (limit is None or times < limit)
        and len(bought_from) >= (times + 1) * buy
        and len(got_from) >= (times + 1) * get
        and together >= (times + 1) * (buy + get)
    ):
        times += 1
    bought = [*only_bought, *both][: times * buy]
    left = [unit for unit in got_from if not is_in(unit, bought)]
    got = left[len(left) - times * get :]
    return [*((unit, Fraction(0)) for unit in bought), *((unit, unit.value * percent) for unit in got)]


def bundle(rule: Json, pool: Pool, limit: int | None) -> Used:
    """One bundle after the other from the dearest units left, until one cannot be filled or gives nothing."""
    used: Used = []
    bundles = 0
    while limit is None or bundles < limit:
        taken: list[Unit] = []
        for part in rule["parts"]:
            free = [
                unit
                for unit in pool(part["select"])
                if not is_in(unit, taken) and not is_in(unit, [one for one, _ in used])
            ]
            if len(free) < part["quantity"]:
                return used
            taken += free[: part["quantity"]]
        worth = value_of(taken)
        discount = (
            worth * Fraction(rule["percent"])
            if rule.get("percent") is not None
            else worth - rule["price_minor"]
        )
        if discount <= 0:
            return used
        used += in_proportion(discount, taken)
        bundles += 1
    return used


def is_in(unit: Unit, units: list[Unit]) -> bool:
    """Is this very unit among them?"""
    return any(other is unit for other in units)


UNIT_RULES = {
    "buy_get": buy_get,
    "n_for_price": n_for_price,
    "cheapest_free": cheapest_free,
    "bundle": bundle,
}
