"""A machine that trades at random in two places, and a pencil that keeps the same book."""

from collections.abc import Callable
from fractions import Fraction
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from tests.properties.stock.driver import Product
from tests.properties.stock.model import Move, Pencil, Place

GOODS = ("beans", "milk", "cake")
LOCATIONS = ("shop", "store")
NEAR = Fraction(1, 1000)
"""A thousandth of a cent: the pencil divides exactly, the product keeps nine places and carries what is left."""

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
    def sell(self, name: str, where: str, quantity: Fraction, more: bool, delay: int) -> list[Move]:
        """A sale, sometimes with two lines of the same goods, sometimes heard of late."""
        at = self._at(delay)
        lines = [(name, quantity), (name, quantity + 1)] if more else [(name, quantity)]
        keys = self.real.sell(where, lines, at=at, now=self.now)
        return [
            self._note((each, where), "sale", -number, at, key)
            for (each, number), key in zip(lines, keys, strict=True)
        ]

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
