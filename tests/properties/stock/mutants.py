"""Mistakes that shop systems make with stock, built into the product one at a time."""

from collections import deque
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from pos.inventory import costing
from pos.inventory.queries import cost_streams
from pos.inventory.services import count_closing, movements, returns
from pos.inventory.services.movements import StockChange
from tests.properties.stock import driver

LATER = driver.moment(1_000_000)
Mutant = Callable[[pytest.MonkeyPatch], None]


def clamp_at_zero(patch: pytest.MonkeyPatch) -> None:
    """A level never falls below zero."""
    right = "on_hand = level.on_hand + EXCLUDED.on_hand"
    assert right in movements._MOVE
    wrong = movements._MOVE.replace(right, "on_hand = GREATEST(level.on_hand + EXCLUDED.on_hand, 0)", 1)
    patch.setattr(movements, "_MOVE", wrong)


def read_modify_write(patch: pytest.MonkeyPatch) -> None:
    """Two lines read the same level, and the second one writes over what the first one wrote."""

    def last_one_wins(changes: Sequence[StockChange]) -> dict[Any, tuple[Decimal, Decimal]]:
        return {each.variant_id: (each.quantity, each.value_minor or Decimal(0)) for each in changes}

    patch.setattr(movements, "_sums", last_one_wins)


def count_forgotten(patch: pytest.MonkeyPatch) -> None:
    """What is recorded late of before a count is taken off once more."""
    patch.setattr(movements, "_compensations", lambda _cause, _late: [])


def cost_of_the_last_layer(patch: pytest.MonkeyPatch) -> None:
    """What was bought last is sold first."""
    right = costing._Run._go

    def wrong(self: Any, key: Any, quantity: Decimal) -> Decimal:
        self._layers = deque(reversed(self._layers))
        cost = right(self, key, quantity)
        self._layers = deque(reversed(self._layers))
        return cost

    patch.setattr(costing._Run, "_go", wrong)


def costs_in_order_of_arrival(patch: pytest.MonkeyPatch) -> None:
    """Costs go by when things were recorded, not by when they happened."""
    right = "ORDER BY moved.location_id, moved.variant_id, moved.at, moved.id"
    assert right in cost_streams._MOVED
    wrong = cost_streams._MOVED.replace(right, "ORDER BY moved.location_id, moved.variant_id, moved.id")
    patch.setattr(cost_streams, "_MOVED", wrong)


def owed_for_ever(patch: pytest.MonkeyPatch) -> None:
    """What was sold before it came keeps the cost assumed for it."""
    patch.setattr(costing._Run, "_cover", lambda _self, _quantity, _unit: Decimal(0))


def double_restock(patch: pytest.MonkeyPatch) -> None:
    """Nobody remembers what came back already; only the tables do."""
    patch.setattr(returns, "_known", lambda _draft: None)
    patch.setattr(returns, "returned_quantities", lambda **_: {})


def count_by_arrival(patch: pytest.MonkeyPatch) -> None:
    """What was counted is compared with the books of when it was typed in, or later."""
    patch.setattr(count_closing, "_at", lambda _line: LATER)


def promises_forgotten(patch: pytest.MonkeyPatch) -> None:
    """What was kept for somebody and let go stays kept."""
    patch.setattr(driver, "expire_reservations", lambda **_: 0)
