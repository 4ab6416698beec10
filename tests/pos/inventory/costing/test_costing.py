"""What goods cost, by hand: every number here can be checked with a pencil."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from pos.inventory.costing import (
    AVERAGE,
    FIFO,
    CostState,
    Entry,
    Replay,
    Total,
    derived_value,
    dumped,
    loaded,
    replay,
    shares,
    unit_cost,
)
from tests.pos.inventory.costing.makers import came, came_back, key, layers, owed, revalued, totals, went


def run(method: str, *entries: Entry) -> Replay:
    return replay(entries=entries, method=method)


def test_first_in_first_out_takes_the_oldest_layer_first() -> None:
    found = run(FIFO, came(1, "10", "1000"), came(2, "10", "1200"), went(3, "12"))
    assert totals(dict(found.totals)) == {1: "1000", 2: "1200", 3: "-1240"}
    assert layers(found.state) == [("8", "120")]
    assert found.state.next_cost == Decimal(120)
    assert (found.state.on_hand, found.state.value) == (Decimal(8), Decimal(960))


def test_the_average_of_the_same_movements() -> None:
    found = run(AVERAGE, came(1, "10", "1000"), came(2, "10", "1200"), went(3, "12"))
    assert totals(dict(found.totals)) == {1: "1000", 2: "1200", 3: "-1320"}
    assert layers(found.state) == [("8", "110")]


def test_what_a_division_leaves_is_kept_as_dust() -> None:
    found = run(AVERAGE, came(1, "3", "100"), went(2, "1"), went(3, "2"))
    assert totals(dict(found.totals)) == {1: "100", 2: "-33.333333333", 3: "-66.666666666"}
    assert found.state.dust == Decimal("0.000000001")
    assert found.state.value == found.state.dust
    again = replay(entries=[came(4, "1", "50")], method=AVERAGE, state=found.state)
    assert layers(again.state) == [("1", "50.000000001")]
    assert again.state.dust == 0


def test_goods_sold_before_they_came_cost_what_they_cost_when_they_come() -> None:
    sold = run(FIFO, came(1, "2", "200"), went(2, "5"))
    assert totals(dict(sold.totals)) == {1: "200", 2: "-500"}
    assert owed(sold.state) == [(2, "3", "100")]
    assert sold.state.on_hand == -3
    assert sold.state.value == -300
    found = replay(entries=[came(3, "10", "1500")], method=FIFO, state=sold.state)
    assert totals(dict(found.totals)) == {2: "-650", 3: "1500"}
    assert layers(found.state) == [("7", "150")]
    assert found.state.owed == ()


def test_several_receipts_cover_what_is_owed_oldest_first() -> None:
    found = run(FIFO, went(1, "3"), went(2, "3"), came(3, "2", "10"), came(4, "2", "14"), came(5, "4", "36"))
    assert totals(dict(found.totals)) == {1: "-17", 2: "-25", 3: "10", 4: "14", 5: "36"}
    assert layers(found.state) == [("2", "9")]


def test_goods_of_which_no_cost_is_known_cost_nothing() -> None:
    found = run(FIFO, went(1, "3"), came(2, "1"))
    assert totals(dict(found.totals)) == {1: "0", 2: "0"}
    assert CostState().next_cost is None


def test_a_surplus_costs_what_was_last_known() -> None:
    found = run(FIFO, came(1, "2", "200"), came(2, "2", "300"), went(3, "1"), came(4, "5"))
    assert totals(dict(found.totals)) == {1: "200", 2: "300", 3: "-100", 4: "500"}
    assert layers(found.state) == [("1", "100"), ("2", "150"), ("5", "100")]


@pytest.mark.parametrize("method", [FIFO, AVERAGE])
def test_what_comes_back_is_worth_what_it_went_for(method: str) -> None:
    found = run(
        method, came(1, "4", "400"), went(2, "2"), came(3, "2", "800"), went(4, "1"), came_back(5, "1", of=2)
    )
    assert found.totals[key(5)] == Decimal(100)


def test_what_comes_back_of_units_still_owed_settles_them_at_what_was_assumed() -> None:
    found = run(FIFO, went(1, "2"), came_back(2, "1", of=1), came(3, "1", "5"))
    assert totals(dict(found.totals)) == {1: "-5", 2: "0", 3: "5"}
    assert found.state.value == 0


def test_what_comes_back_before_it_went_costs_what_was_last_known() -> None:
    found = run(FIFO, came(1, "1", "7"), came_back(2, "1", of=3), went(3, "1"))
    assert found.totals[key(2)] == 7


def test_freight_that_was_billed_later_is_in_the_cost_of_what_came() -> None:
    found = run(FIFO, came(1, "10", "1000", extra="50"), went(2, "4"))
    assert totals(dict(found.totals)) == {1: "1050", 2: "-420"}
    assert layers(found.state) == [("6", "105")]


def test_a_revaluation_is_spread_over_what_is_there() -> None:
    found = run(FIFO, came(1, "1", "100"), came(2, "2", "300"), revalued(3, "100"))
    assert layers(found.state) == [("1", "133.333333333"), ("2", "183.333333333")]
    assert found.state.dust == Decimal("0.000000001")
    assert found.state.value == 500


def test_a_revaluation_of_nothing_joins_what_comes_next() -> None:
    found = run(FIFO, revalued(1, "-20"), came(2, "4", "100"))
    assert layers(found.state) == [("4", "20")]


def test_movements_before_the_start_are_told_by_the_caller() -> None:
    known = {key(1): Total(quantity=Decimal(-4), value=Decimal(-10))}
    found = replay(entries=[came_back(2, "2", of=1)], method=FIFO, known=known)
    assert found.totals == {key(2): Decimal(5)}


@pytest.mark.parametrize(
    ("value", "quantity", "unit"),
    [("-100", "-3", "33.333333333"), ("0.000000001", "2", "0"), ("0.000000003", "2", "0.000000002")],
)
def test_a_unit_cost_has_nine_places_half_even(value: str, quantity: str, unit: str) -> None:
    assert unit_cost(value=Decimal(value), quantity=Decimal(quantity)) == Decimal(unit)


def test_what_arrives_is_worth_what_was_sent() -> None:
    sent = Total(quantity=Decimal(-3), value=Decimal(-100))
    assert derived_value(quantity=Decimal("1.5"), of=sent) == Decimal("49.9999999995")


def test_shares_add_up_to_the_whole() -> None:
    found = shares(value=Decimal(100), quantities={key(n): Decimal(1) for n in (3, 1, 2)})
    assert found == {
        key(1): Decimal("33.333333333"),
        key(2): Decimal("33.333333333"),
        key(3): Decimal("33.333333334"),
    }
    assert shares(value=Decimal(1), quantities={}) == {}


def test_a_state_is_kept_as_json() -> None:
    state = run(FIFO, came(1, "0.000001", "0.5"), went(2, "2"), went(3, "1E+1")).state
    data = dumped(state)
    assert data == {
        "layers": [],
        "owed": [
            [str(key(2)), "1.999999", "500000.000000000", "0.500000000000000"],
            [str(key(3)), "10", "500000.000000000", "0"],
        ],
        "dust": "0.000000000000000",
        "last_cost": "500000.000000000",
    }
    assert loaded(data) == state
    assert loaded(dumped(CostState())) == CostState()


def test_largest_amounts_are_exact() -> None:
    found = run(
        AVERAGE, came(1, "999999999999.999999", "9999999999999999999999.999999999999999"), went(2, "1")
    )
    assert found.state.value + 0 == sum_of(list(found.totals.values()))


def sum_of(values: Sequence[Decimal]) -> Decimal:
    whole = sum((int(value.scaleb(15)) for value in values), 0)
    return Decimal(whole).scaleb(-15)


def test_questions_nobody_understands() -> None:
    with pytest.raises(ValueError, match="lifo is no way to cost stock"):
        replay(entries=[], method="lifo")
    two = run(FIFO, came(1, "1", "1"), came(2, "1", "2")).state
    with pytest.raises(ValueError, match="several layers"):
        replay(entries=[], method=AVERAGE, state=two)
