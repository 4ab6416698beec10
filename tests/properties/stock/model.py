"""Stock as somebody with a pencil would keep it: every movement on a list, everything added up anew each time.

It shares nothing with the product: exact fractions instead of rounded decimals and dust, no checkpoints, no
corrections. What a movement is worth is found by going through all movements in the order they happened, over and
over, until nothing changes any more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

Place = tuple[str, str]
"""A variant at a location."""

LINKED = ("return", "transfer_in")


class Circle(Exception):
    """Goods that were not there went away, came round and were what they were owed: any cost would do."""


@dataclass(slots=True)
class Move:
    """One movement. `link` is the movement whose cost it takes, `batch` the production it belongs to."""

    number: int
    place: Place
    kind: str
    quantity: Fraction
    at: int
    stated: Fraction | None = None
    link: int | None = None
    batch: int | None = None
    landed: Fraction = Fraction(0)


@dataclass(slots=True)
class Count:
    """That so much was there at that time."""

    place: Place
    at: int
    quantity: Fraction
    number: int


@dataclass(slots=True)
class Reserved:
    """What is promised to somebody until a time."""

    place: Place
    quantity: Fraction
    expires: int
    is_active: bool = True


class Way(Protocol):
    """Goods on their way to a place."""

    to: Place
    left: Fraction


@dataclass(slots=True)
class _Stream:
    """What is known of a place while its movements are gone through."""

    layers: list[list[Fraction]] = field(default_factory=list)
    owed: list[list[Fraction]] = field(default_factory=list)  # number of the movement, quantity
    last: Fraction = Fraction(0)
    waiting: Fraction = Fraction(0)  # a revaluation of nothing waits for what comes next


class Pencil:
    """The whole book. `method` is `fifo` or `average`."""

    def __init__(self, method: str) -> None:
        self.method = method
        self.moves: list[Move] = []
        self.counts: list[Count] = []
        self.reserved: list[Reserved] = []
        self.ways: list[Way] = []
        self._clock = 0

    def next_number(self) -> int:
        """Numbers tell the order in which things were recorded."""
        self._clock += 1
        return self._clock

    def move(self, place: Place, kind: str, quantity: Fraction, at: int, **facts: object) -> Move:
        """Record a movement; what was counted after it had happened is put right again."""
        made = Move(self.next_number(), place, kind, quantity, at, **facts)  # type: ignore[arg-type]
        self.moves.append(made)
        self._take_back(made)
        return made

    def count(self, place: Place, at: int, quantity: Fraction) -> None:
        """Record that there were so many at that time; what the book says of that time follows."""
        difference = quantity - self.level(place, at=at)
        if difference:
            self.move(place, "count", difference, at)
        self.counts.append(Count(place, at, quantity, self.next_number()))

    def level(self, place: Place, at: int | None = None) -> Fraction:
        """What is there, or was at the end of that moment."""
        return sum(
            (move.quantity for move in self.moves if move.place == place and (at is None or move.at <= at)),
            Fraction(0),
        )

    def level_by_counts(self, place: Place) -> Fraction:
        """The same, told another way: the newest count, and what happened after it."""
        counts = [count for count in self.counts if count.place == place]
        if not counts:
            return self.level(place)
        newest = max(counts, key=lambda count: (count.at, count.number))
        later = (move for move in self.moves if move.place == place and move.at > newest.at)
        return newest.quantity + sum((move.quantity for move in later), Fraction(0))

    def promised(self, place: Place) -> Fraction:
        """What is reserved."""
        kept = (each for each in self.reserved if each.is_active and each.place == place)
        return sum((each.quantity for each in kept), Fraction(0))

    def on_the_way(self, place: Place) -> Fraction:
        """What was sent there and has neither arrived nor been given up."""
        return sum((way.left for way in self.ways if way.to == place), Fraction(0))

    def value(self, place: Place) -> Fraction:
        """What is there is worth what came less what went."""
        worth = self.worth()
        inside = (move for move in self.moves if move.place == place)
        return sum((worth[move.number] for move in inside), Fraction(0))

    def worth(self) -> dict[int, Fraction]:
        """What each movement is worth, signed. Raises `Circle`."""
        known: dict[int, Fraction] = {move.number: Fraction(0) for move in self.moves}
        for _ in range(len(self.moves) + 2):
            found = dict(known)
            for place in {move.place for move in self.moves}:
                found |= self._replay(place, known)
            if found == known:
                return known
            known = found
        raise Circle

    def _take_back(self, late: Move) -> None:
        known = [
            count
            for count in self.counts
            if count.place == late.place
            and (count.at > late.at or (count.at == late.at and late.kind != "count"))
        ]
        if known:
            first = min(known, key=lambda count: (count.at, count.number))
            self.moves.append(Move(self.next_number(), late.place, "count", -late.quantity, first.at))

    def _replay(self, place: Place, known: dict[int, Fraction]) -> dict[int, Fraction]:
        stream, worth = _Stream(), {}
        inside = (move for move in self.moves if move.place == place)
        for move in sorted(inside, key=lambda move: (move.at, move.number)):
            if move.kind == "revaluation":
                worth[move.number] = move.stated or Fraction(0)
                self._spread(stream, worth[move.number])
            elif move.quantity > 0:
                worth[move.number] = self._worth_of(move, stream, known, worth)
                for number, more in self._come(stream, move.quantity, worth[move.number]):
                    worth[number] -= more
            else:
                worth[move.number] = -self._go(stream, move)
        return worth

    def _worth_of(
        self, move: Move, stream: _Stream, known: dict[int, Fraction], here: dict[int, Fraction]
    ) -> Fraction:
        if move.stated is not None:
            return move.stated + move.landed
        if move.kind in LINKED and move.link is not None:
            original = next(each for each in self.moves if each.number == move.link)
            total = known[original.number]
            if move.kind == "return":  # where it was sold, it takes what the sale cost at that moment
                total = here.get(original.number, total)
            return abs(total) / abs(original.quantity) * move.quantity
        if move.batch is not None:
            return self._batch(move, known)
        return stream.last * move.quantity

    def _batch(self, move: Move, known: dict[int, Fraction]) -> Fraction:
        together = [each for each in self.moves if each.batch == move.batch]
        used = -sum((known[each.number] for each in together if each.quantity < 0), Fraction(0))
        made = sum((each.quantity for each in together if each.quantity > 0), Fraction(0))
        return used * move.quantity / made

    def _come(self, stream: _Stream, quantity: Fraction, worth: Fraction) -> Iterator[tuple[int, Fraction]]:
        """Units owed are settled first, the rest is a layer; tells what owed movements cost more than assumed."""
        unit, rest = worth / quantity, quantity
        while stream.owed and rest:
            number, missing, assumed = stream.owed[0]
            taken = min(missing, rest)
            yield int(number), taken * (unit - assumed)
            rest -= taken
            stream.owed[0][1] -= taken
            if not stream.owed[0][1]:
                stream.owed.pop(0)
        if rest:
            stream.layers.append([rest, unit + stream.waiting / rest])
            stream.waiting = Fraction(0)
            if self.method == "average":
                stream.layers = [_merged(stream.layers)]
        stream.last = unit

    def _go(self, stream: _Stream, move: Move) -> Fraction:
        """What it costs: from the oldest layer on; what is missing is owed at the last known cost."""
        rest, cost = -move.quantity, Fraction(0)
        while stream.layers and rest:
            taken = min(stream.layers[0][0], rest)
            stream.last = stream.layers[0][1]
            cost += taken * stream.last
            rest -= taken
            stream.layers[0][0] -= taken
            if not stream.layers[0][0]:
                stream.layers.pop(0)
        if rest:
            stream.owed.append([Fraction(move.number), rest, stream.last])
        return cost + rest * stream.last

    @staticmethod
    def _spread(stream: _Stream, delta: Fraction) -> None:
        there = sum((quantity for quantity, _ in stream.layers), Fraction(0))
        if not there:
            stream.waiting += delta
        for layer in stream.layers:
            layer[1] += delta / there


def _merged(layers: Iterable[list[Fraction]]) -> list[Fraction]:
    kept = list(layers)
    quantity = sum((each[0] for each in kept), Fraction(0))
    value = sum((each[0] * each[1] for each in kept), Fraction(0))
    return [quantity, value / quantity]
