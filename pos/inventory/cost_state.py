"""What a costing replay knows after a movement: layers, units owed, dust; and its JSON for checkpoints. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Any, Final
from uuid import UUID

ZERO: Final = Decimal(0)

EXACT: Final = Context(prec=100, rounding=ROUND_HALF_EVEN)
"""Wide enough for every sum of numeric(40,15) columns: nothing is rounded but where a rule says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Goods that came together, or were merged, at one unit cost."""

    quantity: Decimal
    unit_cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Units that went out before they came in, at the cost assumed for them.

    `covered` is what the movement's other units cost: those that were there, and those that came since.
    """

    movement_id: UUID
    quantity: Decimal
    unit_cost: Decimal
    covered: Decimal

    @property
    def total(self) -> Decimal:
        """The movement's value as far as known: below zero, as of everything that goes."""
        with localcontext(EXACT):
            return -(self.covered + self.quantity * self.unit_cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostState:
    """What a replay knows after a movement: enough to go on from there."""

    layers: tuple[Layer, ...] = ()
    owed: tuple[Owed, ...] = ()
    dust: Decimal = ZERO
    last_cost: Decimal | None = None

    @property
    def on_hand(self) -> Decimal:
        """What is there; below zero while units are owed."""
        with localcontext(EXACT):
            there = sum((layer.quantity for layer in self.layers), ZERO)
            return there - sum((each.quantity for each in self.owed), ZERO)

    @property
    def value(self) -> Decimal:
        """What is there is worth this much: the sum of all values that came and went."""
        with localcontext(EXACT):
            there = sum((layer.quantity * layer.unit_cost for layer in self.layers), ZERO)
            return there - sum((each.quantity * each.unit_cost for each in self.owed), ZERO) + self.dust

    @property
    def next_cost(self) -> Decimal | None:
        """What the next unit that goes out costs as far as known; None when no cost was ever known."""
        return self.layers[0].unit_cost if self.layers else self.last_cost


def dumped(state: CostState) -> dict[str, Any]:
    """The state as JSON, for a checkpoint."""
    return {
        "layers": [[f"{each.quantity:f}", f"{each.unit_cost:f}"] for each in state.layers],
        "owed": [
            [str(each.movement_id), f"{each.quantity:f}", f"{each.unit_cost:f}", f"{each.covered:f}"]
            for each in state.owed
        ],
        "dust": f"{state.dust:f}",
        "last_cost": None if state.last_cost is None else f"{state.last_cost:f}",
    }


def loaded(data: Mapping[str, Any]) -> CostState:
    """The state that `dumped` wrote."""
    last_cost = data["last_cost"]
    return CostState(
        layers=tuple(Layer(quantity=Decimal(q), unit_cost=Decimal(c)) for q, c in data["layers"]),
        owed=tuple(
            Owed(movement_id=UUID(key), quantity=Decimal(q), unit_cost=Decimal(c), covered=Decimal(covered))
            for key, q, c, covered in data["owed"]
        ),
        dust=Decimal(data["dust"]),
        last_cost=None if last_cost is None else Decimal(last_cost),
    )
