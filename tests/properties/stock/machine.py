"""A machine that trades at random in two places, and a pencil that keeps the same book."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from pos.inventory.errors import MoreThanLeft
from tests.properties.stock.driver import Product, Sent, Sold
from tests.properties.stock.model import Circle, Move, Pencil, Place, Reserved

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


@dataclass(slots=True)
class Counting:
    """A count that goes on: what was found so far, and when the last of it."""

    place: Place
    key: UUID
    at: int
    found: Fraction | None = None
    is_closed: bool = False


@dataclass(slots=True)
class OnTheWay:
    """A transfer; `left` is still on its way."""

    sent: Sent
    out: Move
    to: Place
    left: Fraction


goods = st.sampled_from(GOODS)
locations = st.sampled_from(LOCATIONS)
quantities = st.integers(1, 40).map(lambda number: Fraction(number, 4))
costs = st.integers(0, 3000).map(Fraction)
delays = st.one_of(st.just(0), st.integers(0, 300))


class Trade(RuleBasedStateMachine):
    """What happens in two shops; `product` makes the product of one example."""

    product: Callable[[str], Product]
    compared = 0
    """Movements whose costs were compared, over all examples."""

    sales = Bundle("sales")
    counts = Bundle("counts")
    transfers = Bundle("transfers")
    reservations = Bundle("reservations")

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

    @rule(target=counts, name=goods, where=locations)
    def begin_count(self, name: str, where: str) -> Counting:
        """Somebody goes to count; the shop goes on."""
        self._at(0)
        return Counting((name, where), self.real.begin_count(name, where, now=self.now), self.now)

    @rule(count=counts, quantity=quantities, delay=st.integers(0, 6))
    def find(self, count: Counting, quantity: Fraction, delay: int) -> None:
        """So many more are found on the shelf, and typed in a little later."""
        if count.is_closed:
            return
        at = max(self._at(delay), count.at)
        self.real.enter(count.key, count.place[0], quantity, at=at, now=self.now)
        count.found, count.at = (count.found or Fraction(0)) + quantity, at

    @rule(count=counts)
    def close_count(self, count: Counting) -> None:
        """The shelf held what was found, as of the last time something was."""
        if count.is_closed or count.found is None:
            return
        self._at(0)
        self.real.close_count(count.key, now=self.now)
        count.is_closed = True
        self.pencil.count(count.place, count.at, count.found)

    @rule(name=goods, where=locations, found=quantities, sold=quantities, late=st.booleans())
    def count_while_selling(self, name: str, where: str, found: Fraction, sold: Fraction, late: bool) -> None:
        """The whole of a count, with a sale between finding and closing, and one heard of when it is over."""
        count = self.begin_count(name, where)
        self.find(count, found, 0)
        self.sell(name, where, sold, False, 0)
        self.close_count(count)
        if late:
            self.sell(name, where, sold, False, self.now - count.at + 10)

    @rule(target=transfers, name=goods, here=locations, quantity=quantities)
    def send(self, name: str, here: str, quantity: Fraction) -> OnTheWay | Any:
        """Goods that are there go to the other place."""
        if self.pencil.level((name, here)) < quantity:
            return multiple()
        self._at(0)
        (there,) = (each for each in LOCATIONS if each != here)
        sent = self.real.send(name, here, there, quantity, now=self.now)
        out = self._note((name, here), "transfer_out", -quantity, self.now, sent.movement_id)
        way = OnTheWay(sent, out, (name, there), quantity)
        self.pencil.ways.append(way)
        return way

    @rule(way=transfers, parts=st.lists(st.integers(0, 2), min_size=4, max_size=4))
    def arrive(self, way: OnTheWay, parts: list[int]) -> None:
        """Some of it arrives; some may be broken, some sent back, the rest is still on its way."""
        shares = [way.left * part / (sum(parts) or 1) for part in parts]
        received, broken, back = (Fraction(int(share * 4), 4) for share in shares[:3])
        if not received + broken + back:
            return
        self._at(0)
        keys = iter(self.real.arrive(way.sent, received=received, broken=broken, back=back, now=self.now))
        way.left -= received + broken + back
        link = way.out.number
        if received + broken:
            self._note(way.to, "transfer_in", received + broken, self.now, next(keys), link=link)
        if back:
            self._note(way.out.place, "transfer_in", back, self.now, next(keys), link=link)
        if broken:
            self._note(way.to, "waste", -broken, self.now, next(keys))

    @rule(target=reservations, name=goods, where=locations, quantity=quantities, minutes=st.integers(1, 90))
    def reserve(self, name: str, where: str, quantity: Fraction, minutes: int) -> tuple[Reserved, UUID]:
        """Something is kept for somebody for a while."""
        self._at(0)
        until = self.now + minutes
        key = self.real.reserve(name, where, quantity, until=until, now=self.now)
        kept = Reserved((name, where), quantity, until)
        self.pencil.reserved.append(kept)
        return kept, key

    @rule(reservation=reservations)
    def release(self, reservation: tuple[Reserved, UUID]) -> None:
        """They do not want it after all."""
        kept, key = reservation
        if kept.is_active:
            self._at(0)
            self.real.release(key, now=self.now)
            kept.is_active = False

    @rule()
    def sweep(self) -> None:
        """What was kept for too long is let go."""
        self._at(0)
        self.real.sweep(now=self.now)
        for kept in self.pencil.reserved:
            kept.is_active = kept.is_active and kept.expires > self.now

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
            promised = (Fraction(0), Fraction(0))
            if level is not None:
                promised = Fraction(level.reserved), Fraction(level.in_transit)
                assert Fraction(level.available) == on_hand - self.pencil.promised(place)
            assert promised == (self.pencil.promised(place), self.pencil.on_the_way(place))
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
        try:
            worth = self.pencil.worth()
        except Circle:
            return
        type(self).compared += len(self.keys)
        for number, key in self.keys.items():
            assert abs(Fraction(self.real.worth(key)) - worth[number]) < NEAR, (number, worth[number])
        for place in self._places():
            level = self.real.level(place)
            value = Fraction(0) if level is None else Fraction(level.value_minor)
            assert abs(value - self.pencil.value(place)) < NEAR

    @staticmethod
    def _places() -> list[Place]:
        return [(name, where) for name in GOODS for where in LOCATIONS]
