"""What goods cost: a replay of one variant's movements at one location, in the order they happened. Pure.

Costs are minor units of the merchant's currency with decimals: a unit cost has at most 9 decimal places, a
quantity 6, so their product is exact in 15 and nothing of it is ever rounded away. What a division leaves is
kept as dust and joins the next value that comes in. The rules, with numbers, are in
docs/algorithms/stock-costing.md.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final
from uuid import UUID

from pos.inventory.cost_state import EXACT, ZERO, CostState, Layer, Owed, dumped, loaded

__all__ = [
    "AVERAGE",
    "FIFO",
    "METHODS",
    "Checkpoint",
    "CostState",
    "Entry",
    "Layer",
    "Owed",
    "Replay",
    "Total",
    "derived_value",
    "dumped",
    "loaded",
    "replay",
    "shares",
    "unit_cost",
]

FIFO: Final = "fifo"
AVERAGE: Final = "average"
METHODS: Final = (FIFO, AVERAGE)

_NINE: Final = Decimal("1E-9")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A movement as the replay reads it.

    Of what goes out only the quantity counts. What comes in has a `value` (stated, or taken from another
    place), or the unit cost of an earlier movement of the same replay (`unit_of`), or neither: then the last
    cost known (and so it is when `unit_of` happened later, by clocks that disagree). `extra` is value that
    came on top later, such as freight. Quantity zero is a revaluation of what is there, by `value`.
    """

    id: UUID
    quantity: Decimal
    value: Decimal | None = None
    unit_of: UUID | None = None
    extra: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A movement's quantity and everything it is worth, both signed."""

    quantity: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state after the entry at `index` (0 is the first)."""

    index: int
    state: CostState


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The state at the end, and what each movement is worth: those replayed, and those owed at the start."""

    state: CostState
    totals: Mapping[UUID, Decimal]
    checkpoints: tuple[Checkpoint, ...] = ()


def replay(
    *,
    entries: Iterable[Entry],
    method: str,
    state: CostState | None = None,
    known: Mapping[UUID, Total] | None = None,
    marks: Collection[int] = (),
) -> Replay:
    """Go through `entries`, which are in the order of (at, id), from `state`.

    `known` are movements before `state` that an entry's `unit_of` names; `marks` asks for checkpoints after
    the entries at these places (0 is the first). Raises ValueError for an unknown method.
    """
    if method not in METHODS:
        raise ValueError(f"{method} is no way to cost stock")
    with localcontext(EXACT):
        run = _Run(state=state or CostState(), known=known or {}, merges=method == AVERAGE)
        checkpoints = []
        for index, entry in enumerate(entries):
            run.take(entry)
            if index in marks:
                checkpoints.append(Checkpoint(index=index, state=run.state()))
        return Replay(state=run.state(), totals=run.totals, checkpoints=tuple(checkpoints))


def unit_cost(*, value: Decimal, quantity: Decimal) -> Decimal:
    """What one of `quantity` is worth: |value| / |quantity|, half even to 9 places."""
    with localcontext(EXACT):
        return _nine(abs(value) / abs(quantity))


def derived_value(*, quantity: Decimal, of: Total) -> Decimal:
    """What comes back, or arrives, of a movement `of`: as many units at that one's unit cost."""
    with localcontext(EXACT):
        return quantity * unit_cost(value=of.value, quantity=of.quantity)


def shares(*, value: Decimal, quantities: Mapping[UUID, Decimal]) -> dict[UUID, Decimal]:
    """`value` split over `quantities` in proportion: 9 places each, and the last key takes what is left."""
    with localcontext(EXACT):
        whole, left, parts = sum(quantities.values(), ZERO), value, {}
        for key in sorted(quantities):
            parts[key] = _nine(value * quantities[key] / whole)
            left -= parts[key]
        if parts:
            parts[max(parts)] += left
        return parts


class _Run:
    """The replay while it goes: what `CostState` holds, to be changed in place."""

    def __init__(self, *, state: CostState, known: Mapping[UUID, Total], merges: bool) -> None:
        self._merges = merges
        self._layers = deque((each.quantity, each.unit_cost) for each in state.layers)
        self._owed = deque(state.owed)
        self._dust = state.dust
        self._last_cost = state.last_cost
        self._known = known
        self._quantities: dict[UUID, Decimal] = {}
        self.totals: dict[UUID, Decimal] = {each.movement_id: each.total for each in state.owed}
        if merges and len(self._layers) > 1:
            raise ValueError("a state with several layers is none of the average method")

    def take(self, entry: Entry) -> None:
        """One more movement."""
        self._quantities[entry.id] = entry.quantity
        if entry.quantity > 0:
            self.totals[entry.id] = value = self._worth(entry)
            self._come(entry.quantity, value)
        elif entry.quantity < 0:
            self.totals[entry.id] = -self._go(entry.id, -entry.quantity)
        else:
            self.totals[entry.id] = value = (entry.value or ZERO) + entry.extra
            self._revalue(value)

    def state(self) -> CostState:
        """What is known now."""
        layers = tuple(Layer(quantity=quantity, unit_cost=cost) for quantity, cost in self._layers)
        return CostState(layers=layers, owed=tuple(self._owed), dust=self._dust, last_cost=self._last_cost)

    def _worth(self, entry: Entry) -> Decimal:
        if entry.value is not None:
            return entry.value + entry.extra
        original = None if entry.unit_of is None else self._total_of(entry.unit_of)
        if original is not None:
            return derived_value(quantity=entry.quantity, of=original) + entry.extra
        return entry.quantity * (self._last_cost or ZERO) + entry.extra

    def _total_of(self, key: UUID) -> Total | None:
        if key not in self.totals:
            return self._known.get(key)
        quantity = self._quantities[key] if key in self._quantities else self._known[key].quantity
        return Total(quantity=quantity, value=self.totals[key])

    def _come(self, quantity: Decimal, value: Decimal) -> None:
        unit = _nine(value / quantity)
        taken = self._cover(quantity, unit)
        rest, worth = quantity - taken, value - taken * unit + self._dust
        if rest:
            if self._merges and self._layers:
                there, cost = self._layers.pop()
                rest, worth = rest + there, worth + there * cost
            cost = _nine(worth / rest)
            self._layers.append((rest, cost))
            worth -= rest * cost
        self._dust = worth
        self._last_cost = unit

    def _cover(self, quantity: Decimal, unit: Decimal) -> Decimal:
        """Give what came to the units owed longest; how many it gave."""
        left = quantity
        while left and self._owed:
            first = self._owed.popleft()
            taken = min(left, first.quantity)
            after = Owed(
                movement_id=first.movement_id,
                quantity=first.quantity - taken,
                unit_cost=first.unit_cost,
                covered=first.covered + taken * unit,
            )
            self.totals[first.movement_id] = after.total
            if after.quantity:
                self._owed.appendleft(after)
            left -= taken
        return quantity - left

    def _go(self, key: UUID, quantity: Decimal) -> Decimal:
        """Take from the oldest layer first; what it all costs, with what is owed."""
        left, cost_of_all = quantity, ZERO
        while left and self._layers:
            there, cost = self._layers.popleft()
            taken = min(left, there)
            if there > taken:
                self._layers.appendleft((there - taken, cost))
            cost_of_all += taken * cost
            self._last_cost = cost
            left -= taken
        if not left:
            return cost_of_all
        assumed = self._last_cost or ZERO
        self._owed.append(Owed(movement_id=key, quantity=left, unit_cost=assumed, covered=cost_of_all))
        return cost_of_all + left * assumed

    def _revalue(self, value: Decimal) -> None:
        there = sum((quantity for quantity, _ in self._layers), ZERO)
        if there:
            more = _nine(value / there)
            self._layers = deque((quantity, cost + more) for quantity, cost in self._layers)
            value -= there * more
        self._dust += value


def _nine(value: Decimal) -> Decimal:
    return value.quantize(_NINE)
