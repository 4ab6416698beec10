"""Steps 5 and 7: discounts that somebody gave, on a line or on the order, and the record of every discount."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pos.pricing.arithmetic import Rounding, share
from pos.pricing.types import Allocation, CartDiscount, DiscountKind, PricedDiscount
from pos.pricing.working import Line


@dataclass(slots=True, eq=False)
class Given:
    """A discount with what each line got of it, by the line's place in the cart."""

    kind: DiscountKind
    id: str
    name: str
    amount: int = 0
    shares: dict[int, int] = field(default_factory=dict)

    def add(self, line: Line, amount: int) -> None:
        """`line` got `amount` more of it."""
        self.amount += amount
        if amount:
            self.shares[line.place] = self.shares.get(line.place, 0) + amount

    def priced(self, line_ids: list[str]) -> PricedDiscount:
        """The record of it; `line_ids` are the ids of the cart's lines."""
        return PricedDiscount(
            kind=self.kind,
            id=self.id,
            name=self.name,
            amount_minor=self.amount,
            allocations=tuple(
                [
                    Allocation(line_id=line_ids[place], amount_minor=amount)
                    for place, amount in sorted(self.shares.items())
                ]
            ),
        )


def give_line_discounts(*, lines: Iterable[Line], round_to_minor: Rounding) -> list[Given]:
    """Every line's own discounts, in the order written, each on what the ones before left."""
    given: list[Given] = []
    for line in lines:
        for discount in line.source.discounts:
            amount = _amount(discount, line.left, round_to_minor)
            record = Given("line", discount.id, discount.name)
            record.add(line, amount)
            line.take_off(amount)
            given.append(record)
    return given


def give_order_discounts(
    *, discounts: Iterable[CartDiscount], lines: list[Line], round_to_minor: Rounding
) -> list[Given]:
    """The order's discounts, in the order written, each on what is left of all lines; `lines` are canonical."""
    given: list[Given] = []
    for discount in discounts:
        record = Given("order", discount.id, discount.name)
        amount = _amount(discount, sum([line.left for line in lines]), round_to_minor)
        parts = [(line, part) for line in lines for part in line.parts]
        for (line, part), own in zip(parts, share(amount, [part.left for _, part in parts]), strict=True):
            part.left -= own
            line.left -= own
            record.add(line, own)
        given.append(record)
    return given


def _amount(discount: CartDiscount, left: int, round_to_minor: Rounding) -> int:
    if discount.percent is None:
        return min(discount.amount_minor or 0, left)
    numerator, denominator = discount.percent.as_integer_ratio()
    return round_to_minor(left * numerator, denominator)
