"""How much of a line was given back, in whole units and in components alone, and what that makes of an amount.

Both are counted in millionths of a unit. What was given back is a function of these counts and not of the order
they came about in, and rises with each of them: so no step ever takes anything back, and all of them add up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pos.pricing.arithmetic import half_up
from pos.pricing.decimals import millionths
from pos.pricing.errors import RefundExceedsSale, UnknownComponent
from pos.pricing.limits import check_quantity
from pos.pricing.pointers import pointer_to
from pos.pricing.types import PricedLine, PricedTax, Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Whole units of a line, and units of the components in its slots besides."""

    units: int
    slots: Mapping[str, int]

    def plus(self, other: "Given") -> "Given":
        """Both together."""
        slots = {
            slot: self.slots.get(slot, 0) + other.slots.get(slot, 0) for slot in {**self.slots, **other.slots}
        }
        return Given(units=self.units + other.units, slots=slots)


def read_given(
    *, line: PricedLine, units: Quantity, slots: Mapping[str, Quantity], pointers: tuple[str, str]
) -> Given:
    """The counts of a line. Raises `QuantityOutOfRange` or `UnknownComponent` below one of `pointers`.

    The first pointer is of the whole units, where 0 is none; the second that of the line's components.
    """
    if units:
        check_quantity(quantity=units, pointer=pointers[0])
    known = {part.slot_id for part in line.parts}
    for slot, quantity in slots.items():
        pointer = pointer_to(pointers[1], slot)
        if slot not in known:
            raise UnknownComponent(f"the line has nothing in a slot {slot!r}", pointer=pointer)
        check_quantity(quantity=quantity, pointer=pointer)
    return Given(units=millionths(units), slots={slot: millionths(count) for slot, count in slots.items()})


def check_sold(*, line: PricedLine, now: Given, after: Given, pointers: tuple[str, str]) -> None:
    """Raise `RefundExceedsSale` when more is given back after this step than was sold, of any component."""
    sold = millionths(line.line.quantity)
    if after.units > sold:
        raise RefundExceedsSale("more than was sold cannot be given back", pointer=pointers[0])
    for slot, count in after.slots.items():
        if after.units + count > sold:
            at = pointer_to(pointers[1], slot) if slot in now.slots else pointers[0]
            raise RefundExceedsSale("more of a component than was sold cannot be given back", pointer=at)


class Steps:
    """The amounts of one line between two counts."""

    def __init__(self, *, line: PricedLine, before: Given, after: Given) -> None:
        self._line, self._before, self._after = line, before, after
        self._sold = millionths(line.line.quantity)
        self._slots = {part.slot_id for part in line.parts}

    def total(self) -> int:
        """Of what the customer paid; 0 or below."""
        parts = [(part.slot_id, part.total_minor) for part in self._line.parts]
        return self._step(self._line.total_minor, parts)

    def tax(self, tax: PricedTax) -> tuple[int, int]:
        """Net and tax of one tax of the line; 0 or below."""
        rows = [(part.slot_id, row) for part in self._line.parts for row in part.taxes if same_tax(row, tax)]
        return (
            self._step(tax.net_minor, [(slot, row.net_minor) for slot, row in rows]),
            self._step(tax.tax_minor, [(slot, row.tax_minor) for slot, row in rows]),
        )

    def _step(self, amount: int, parts: list[tuple[str, int]]) -> int:
        before, after = (
            given_back(amount=amount, parts=parts, given=given, sold=self._sold, slots=self._slots)
            for given in (self._before, self._after)
        )
        return before - after


def given_back(*, amount: int, parts: list[tuple[str, int]], given: Given, sold: int, slots: set[str]) -> int:
    """What has been given back of `amount`, which is made of `parts` by slot.

    The cents by which the parts, each rounded, differ from the whole are settled by the step after which
    nothing of the line is left; before it never more than the whole.
    """
    alone = min((given.slots.get(slot, 0) for slot in slots), default=0)
    if given.units + alone == sold:
        return amount
    of_slots: dict[str, int] = {}
    for slot, own in parts:
        of_slots[slot] = of_slots.get(slot, 0) + own
    of_parts = [half_up(own * given.slots.get(slot, 0), sold) for slot, own in of_slots.items()]
    return min(amount, half_up(amount * given.units, sold) + sum(of_parts))


def same_tax(one: PricedTax, other: PricedTax) -> bool:
    """Whether two rows are of one tax."""
    return (one.code, one.rate, one.per_unit_minor, one.inclusive) == (
        other.code,
        other.rate,
        other.per_unit_minor,
        other.inclusive,
    )
