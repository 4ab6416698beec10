"""A machine that trades at random in two places, and a pencil that keeps the same book."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from pos.inventory.errors import MoreThanLeft
from tests.properties.stock.driver import Product, Sold
from tests.properties.stock.model import Move, Pencil, Place

GOODS = ("beans", "milk", "cake")
LOCATIONS = ("shop", "store")
NEAR = Fraction(1, 1000)
"""A thousandth of a cent: the pencil divides exactly, the product keeps nine places and carries what is left."""


@dataclass(slots=True)
class SoldLine:
    """A line of a sale in both books; `left` is what may still come back."""

    sold: Sold
    move: Move
    left: Fraction = field(init=False)

    def __post_init__(self) -> None:
        self.left = -self.move.quantity


goods = st.sampled_from(GOODS)
locations = st.sampled_from(LOCATIONS)
quantities = st.integers(1, 40).map(lambda number: Fraction(number, 4))
costs = st.integers(0, 3000).map(Fraction)
delays = st.one_of(st.just(0), st.integers(0, 300))


class Trade(RuleBasedStateMachine):
    """What happens in two shops; `product` makes the product of one example."""

    product: Callable[[str], Product]

    sales = Bundle("sales")

    @initialize(method=st.sampled_from(("average", "fifo")))
    def open(self, method: str) -> None:
        """An empty merchant."""
        self.real = self.product(method)
        self.pencil = Pencil(method)
        self.now = 1000
        self.keys: dict[int, UUID] = {}

    def _at(self, delay: int) -> int:
        self.now += 7
        return self.now - delay

    def _note(self, place: Place, kind: str, quantity: Fraction, at: int, key: UUID, **facts: object) -> Move:
        move = self.pencil.move(place, kind, quantity, at, **facts)
        self.keys[move.number] = key
        return move

    @rule(target=sales, name=goods, where=locations, quantity=quantities, more=st.booleans(), delay=delays)
    def sell(self, name: str, where: str, quantity: Fraction, more: bool, delay: int) -> list[SoldLine]:
        """A sale, sometimes with two lines of the same goods, sometimes heard of late."""
        at = self._at(delay)
        lines = [(name, quantity), (name, quantity + 1)] if more else [(name, quantity)]
        found = self.real.sell(where, lines, at=at, now=self.now)
        return [
            SoldLine(sold, self._note((each, where), "sale", -number, at, sold.movement_id))
            for (each, number), sold in zip(lines, found, strict=True)
        ]

    @rule(sale=sales, where=locations, part=st.integers(1, 4), is_waste=st.booleans(), again=st.booleans())
    def refund(self, sale: list[SoldLine], where: str, part: int, is_waste: bool, again: bool) -> None:
        """A part of a line comes back, onto the shelf or into the bin; more than went never does."""
        self._at(0)
        line = sale[-1]
        place = (line.move.place[0], where)
        quantity = -line.move.quantity * part / 4
        if quantity > line.left:
            with pytest.raises(MoreThanLeft):
                self.real.refund(line.sold, where, quantity, is_waste=is_waste, now=self.now)
            return
        key, movements = self.real.refund(line.sold, where, quantity, is_waste=is_waste, now=self.now)
        if again:
            self.real.refund(line.sold, where, quantity, is_waste=is_waste, now=self.now, key=key)
        line.left -= quantity
        self._note(place, "return", quantity, self.now, movements[0], link=line.move.number)
        if is_waste:
            self._note(place, "waste", -quantity, self.now, movements[1])

    @rule(where=locations, quantity=quantities, beans=quantities, milk=quantities)
    def produce(self, where: str, quantity: Fraction, beans: Fraction, milk: Fraction) -> None:
        """Cake is made of what was weighed."""
        self._at(0)
        used = [("beans", beans), ("milk", milk)]
        *went, came = self.real.produce("cake", where, quantity, used, now=self.now)
        batch = self.now
        for (name, number), key in zip(used, went, strict=True):
            self._note((name, where), "production", -number, self.now, key, batch=batch)
        self._note(("cake", where), "production", quantity, self.now, came, batch=batch)

    @rule(name=goods, where=locations, difference=st.integers(-200, 900).filter(bool).map(Fraction))
    def revalue(self, name: str, where: str, difference: Fraction) -> None:
        """What is on the shelf is worth something else now."""
        place = (name, where)
        self._at(0)
        self.real.settle(self.now)
        level = self.real.level(place)
        if level is None or level.on_hand <= 0 or Fraction(level.value_minor) + difference < 0:
            return
        key = self.real.revalue(name, where, difference, now=self.now)
        self._note(place, "revaluation", Fraction(0), self.now, key, stated=difference)

    @rule(name=goods, where=locations, quantity=quantities, cost=costs, delay=delays)
    def receive(self, name: str, where: str, quantity: Fraction, cost: Fraction, delay: int) -> None:
        """A delivery at a price, sometimes typed in late."""
        at = self._at(delay)
        (key,) = self.real.record("purchase", where, [(name, quantity, cost, None)], at=at, now=self.now)
        self._note((name, where), "purchase", quantity, at, key, stated=cost)

    @rule(name=goods, where=locations, quantity=quantities, delay=delays)
    def waste(self, name: str, where: str, quantity: Fraction, delay: int) -> None:
        """Something is thrown away."""
        at = self._at(delay)
        (key,) = self.real.record("waste", where, [(name, -quantity, None, None)], at=at, now=self.now)
        self._note((name, where), "waste", -quantity, at, key)

    @rule()
    def settle(self) -> None:
        """The background task runs."""
        self.real.settle(self.now)

    @invariant()
    def levels_agree(self) -> None:
        """On hand, told in three ways."""
        if not hasattr(self, "real"):
            return
        for place in self._places():
            level = self.real.level(place)
            on_hand = Fraction(0) if level is None else Fraction(level.on_hand)
            assert on_hand == self.pencil.level(place) == self.pencil.level_by_counts(place)
            assert (on_hand, Fraction(0) if level is None else Fraction(level.value_minor)) == tuple(
                Fraction(each) for each in self.real.sums(place)
            )

    def teardown(self) -> None:
        """At the end all costs are settled and compared, movement by movement."""
        if hasattr(self, "real"):
            self.costs_agree()

    def costs_agree(self) -> None:
        """What every movement is worth, and what is there."""
        self.real.settle(self.now)
        worth = self.pencil.worth()
        for number, key in self.keys.items():
            assert abs(Fraction(self.real.worth(key)) - worth[number]) < NEAR, (number, worth[number])
        for place in self._places():
            level = self.real.level(place)
            value = Fraction(0) if level is None else Fraction(level.value_minor)
            assert abs(value - self.pencil.value(place)) < NEAR

    @staticmethod
    def _places() -> list[Place]:
        return [(name, where) for name in GOODS for where in LOCATIONS]
