"""Which part of which movement comes back when a part of a line does. Pure.

A line may have taken several things off the shelf (ingredients, a combo's components), and of each several lots.
Of each thing as much has come back after a return as the line's share says, rounded once; so the parts of a line,
in whatever steps they come, add up to exactly what went. Worked example: docs/concepts/stock.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from pos.inventory.quantities import PLACES, stock_quantity

_FINEST: Final = Fraction(1, 10**PLACES)
_PIECE: Final = Fraction(1)


class LotNotSold(ValueError):
    """So much of this lot is not left of the line. `index` is the entry's number."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A movement of a sale: `quantity` went (above zero), `reversed_before` of it came back before."""

    id: UUID
    order_line_id: UUID
    variant_id: UUID
    lot_id: UUID | None
    quantity: Decimal
    reversed_before: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """`quantity` of a line's `line_quantity` that comes back, of which `before` came back before."""

    order_line_id: UUID
    line_quantity: Decimal
    before: Decimal
    quantity: Decimal
    is_waste: bool = False
    lot_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """What comes back of one movement, and how much of that is thrown away."""

    gone: Gone
    quantity: Decimal
    wasted: Decimal


def reversals(*, backs: Sequence[Back], gone: Iterable[Gone]) -> list[Reversal]:
    """The part of each movement that comes back by `backs`, in the order of `gone`.

    Raises `LotNotSold` for a lot of which the line has not so much left.
    """
    movements = list(gone)
    came: dict[UUID, Fraction] = {each.id: Fraction(0) for each in movements}
    wasted = dict(came)
    for index, back in enumerate(backs):
        mine = [each for each in movements if each.order_line_id == back.order_line_id]
        if back.lot_id is not None and all(each.lot_id != back.lot_id for each in mine):
            raise LotNotSold(index)
        for variant_id in dict.fromkeys(each.variant_id for each in mine):
            group = [each for each in mine if each.variant_id == variant_id]
            for key, part in _parts(back, group, came, index).items():
                came[key] += part
                wasted[key] += part if back.is_waste else 0
    return [
        Reversal(gone=each, quantity=stock_quantity(came[each.id]), wasted=stock_quantity(wasted[each.id]))
        for each in movements
        if came[each.id]
    ]


def _parts(
    back: Back, group: Sequence[Gone], came: Mapping[UUID, Fraction], index: int
) -> Mapping[UUID, Fraction]:
    """What comes back of each movement of one variant of the line."""
    left = {
        each.id: Fraction(each.quantity) - Fraction(each.reversed_before) - came[each.id] for each in group
    }
    whole = sum((Fraction(each.quantity) for each in group), Fraction(0))
    share = (Fraction(back.before) + Fraction(back.quantity)) / Fraction(back.line_quantity)
    due = Fraction(stock_quantity(whole * share)) - (whole - sum(left.values(), Fraction(0)))
    if back.lot_id is not None and any(each.lot_id == back.lot_id for each in group):
        left = {each.id: left[each.id] for each in group if each.lot_id == back.lot_id}
        if due > sum(left.values(), Fraction(0)):
            raise LotNotSold(index)
    return shared(due=due, left=left)


def shared(*, due: Fraction, left: Mapping[UUID, Fraction]) -> dict[UUID, Fraction]:
    """`due` shared out by what is `left` of each, by largest remainder; pieces stay whole where all are."""
    there = sum(left.values(), Fraction(0))
    if due <= 0 or not there:
        return {}
    step = _PIECE if all(value.denominator == 1 for value in (due, *left.values())) else _FINEST
    exact = {key: due * value / there for key, value in left.items()}
    parts = {key: value // step * step for key, value in exact.items()}
    rest = int((due - sum(parts.values(), Fraction(0))) / step)
    for key in sorted(exact, key=lambda each: parts[each] - exact[each])[:rest]:
        parts[key] += step
    return {key: part for key, part in parts.items() if part}
