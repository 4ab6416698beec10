"""What holds for every history: nothing is lost, and neither order of arrival nor checkpoints matter."""

import random
from decimal import Decimal, localcontext
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from pos.inventory.cost_state import EXACT
from pos.inventory.costing import METHODS, CostState, Entry, Replay, Total, dumped, loaded, replay
from tests.pos.inventory.costing.makers import key

QUANTITIES = st.integers(1, 50_000_000).map(lambda n: Decimal(n).scaleb(-6))
VALUES = st.integers(-5, 10**13).map(lambda n: Decimal(n).scaleb(-9))


@st.composite
def histories(draw: Any) -> list[Entry]:
    """Movements in the order they happened: receipts, sales, returns of sales before, surpluses, revaluations."""
    found: list[Entry] = []
    for number in range(draw(st.integers(1, 25))):
        kind = draw(st.sampled_from(["in", "in", "out", "out", "out", "surplus", "back", "revalue"]))
        gone = [each for each in found if each.quantity < 0]
        if kind == "in":
            extra = draw(st.sampled_from([Decimal(0), Decimal("0.5")]))
            entry = Entry(id=key(number), quantity=draw(QUANTITIES), value=draw(VALUES), extra=extra)
        elif kind == "back" and gone:
            original = draw(st.sampled_from(gone))
            entry = Entry(id=key(number), quantity=-original.quantity, unit_of=original.id)
        elif kind == "revalue":
            entry = Entry(id=key(number), quantity=Decimal(0), value=draw(VALUES))
        elif kind == "out":
            entry = Entry(id=key(number), quantity=-draw(QUANTITIES))
        else:
            entry = Entry(id=key(number), quantity=draw(QUANTITIES))
        found.append(entry)
    return found


@given(histories(), st.sampled_from(METHODS))
@settings(max_examples=200, deadline=None)
def test_what_is_there_is_worth_what_came_less_what_went(history: list[Entry], method: str) -> None:
    found = replay(entries=history, method=method)
    with localcontext(EXACT):
        assert found.state.value == sum(found.totals.values())
        assert found.state.on_hand == sum(each.quantity for each in history)
    assert not (found.state.layers and found.state.owed)
    assert all(value.as_tuple().exponent >= -15 for value in found.totals.values())


@given(histories(), st.sampled_from(METHODS), st.data())
@settings(max_examples=200, deadline=None)
def test_going_on_from_a_checkpoint_is_going_from_the_start(
    history: list[Entry], method: str, data: st.DataObject
) -> None:
    whole = replay(entries=history, method=method, marks=range(len(history)))
    cut = data.draw(st.integers(0, len(history) - 1))
    before = loaded(dumped(whole.checkpoints[cut].state))
    first = replay(entries=history[: cut + 1], method=method)
    rest = replay(entries=history[cut + 1 :], method=method, state=before, known=_known(history, first))
    assert rest.state == whole.state
    assert {**first.totals, **rest.totals} == whole.totals


@given(histories(), st.sampled_from(METHODS), st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_in_whatever_order_movements_arrive_they_are_worth_the_same(
    history: list[Entry], method: str, seed: int
) -> None:
    arriving = list(range(len(history)))
    random.Random(seed).shuffle(arriving)
    book = _Book(method)
    for place in arriving:
        book.arrive(place, history[place])
    whole = replay(entries=history, method=method)
    assert book.totals == whole.totals
    assert book.state == whole.state


class _Book:
    """Settles after each arrival from the newest checkpoint before it, as the service does."""

    def __init__(self, method: str) -> None:
        self.method = method
        self.rows: dict[int, Entry] = {}
        self.checkpoints: dict[int, CostState] = {}
        self.totals: dict[UUID, Decimal] = {}
        self.state = CostState()

    def arrive(self, place: int, entry: Entry) -> None:
        self.rows[place] = entry
        self.checkpoints = {at: state for at, state in self.checkpoints.items() if at < place}
        start = max(self.checkpoints, default=-1)
        places = sorted(at for at in self.rows if at > start)
        found = replay(
            entries=[self.rows[at] for at in places],
            method=self.method,
            state=self.checkpoints.get(start),
            known={
                row.id: Total(quantity=row.quantity, value=self.totals[row.id])
                for at, row in self.rows.items()
                if at <= start
            },
            marks=range(1, len(places), 2),
        )
        self.totals.update(found.totals)
        self.state = found.state
        for each in found.checkpoints:
            self.checkpoints[places[each.index]] = loaded(dumped(each.state))


def _known(history: list[Entry], found: Replay) -> dict[UUID, Total]:
    return {
        each.id: Total(quantity=each.quantity, value=found.totals[each.id])
        for each in history
        if each.id in found.totals
    }
