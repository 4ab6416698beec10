"""Step 10: where the exact taxes become whole minor units."""

from fractions import Fraction

from tests.pricing_reference.book import Json
from tests.pricing_reference.numbers import largest_remainder, nearest
from tests.pricing_reference.taxes import Key, Taxed, key_of

Cell = tuple[Taxed, int]
"""One tax of one amount: the amount and the place of the component in its rule."""


def round_taxes(everything: list[Taxed], rounding: Json) -> None:
    """Fill in the rounded taxes of all amounts of an order, by the policy's scope."""
    for one in everything:
        one.rounded = [0] * len(one.components)
    cells = [(one, index) for one in everything for index in range(len(one.components))]
    if rounding["scope"] == "per_line":
        for one, index in cells:
            one.rounded[index] = nearest(one.exact[index], rounding["mode"])
    elif rounding["scope"] == "per_rate":
        for of_key in by_key(cells).values():
            share_out(of_key, nearest(exact_sum(of_key), rounding["mode"]))
    elif rounding["scope"] == "per_order":
        for inclusive in (True, False):
            round_together([cell for cell in cells if cell[0].inclusive is inclusive], rounding["mode"])
    else:
        raise ValueError(rounding["scope"])
    for one in everything:
        keep_net_at_zero(one)


def round_together(cells: list[Cell], mode: str) -> None:
    """One rounded tax for all keys, shared out over the keys and from each over its amounts."""
    keys = by_key(cells)
    if not keys:
        return
    sums = [exact_sum(of_key) for of_key in keys.values()]
    whole = nearest(sum(sums, Fraction(0)), mode)
    for of_key, share in zip(keys.values(), largest_remainder(whole, sums, list(keys)), strict=True):
        share_out(of_key, share)


def by_key(cells: list[Cell]) -> dict[Key, list[Cell]]:
    """Cells of one tax together, taxes in the order of their keys."""
    keys: dict[Key, list[Cell]] = {}
    for one, index in cells:
        keys.setdefault(key_of(one.components[index], one.inclusive), []).append((one, index))
    return dict(sorted(keys.items()))


def exact_sum(cells: list[Cell]) -> Fraction:
    """The exact tax of several cells."""
    return sum((one.exact[index] for one, index in cells), Fraction(0))


def share_out(cells: list[Cell], whole: int) -> None:
    """A rounded tax over its amounts, as near to their exact taxes as can be."""
    shares = largest_remainder(
        whole, [one.exact[index] for one, index in cells], [one.order for one, _ in cells]
    )
    for (one, index), share in zip(cells, shares, strict=True):
        one.rounded[index] = share


def keep_net_at_zero(one: Taxed) -> None:
    """Several rounded contained taxes may exceed the amount by a unit: the last ones give way."""
    for index in reversed(range(len(one.rounded))):
        if one.inclusive and one.net < 0:
            one.rounded[index] -= min(one.rounded[index], -one.net)
