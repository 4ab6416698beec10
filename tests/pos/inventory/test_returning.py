"""Parts of a line that come back, in whatever steps, add up to exactly what went."""

from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.inventory.returning import Back, Gone, LotNotSold, reversals, shared

LINE, FLOUR, BUN = UUID(int=1), UUID(int=2), UUID(int=3)
LOTS = [UUID(int=10 + number) for number in range(3)]


def gone(number: int, quantity: str, *, variant_id: UUID = BUN, lot_id: UUID | None = None) -> Gone:
    return Gone(
        id=UUID(int=100 + number),
        order_line_id=LINE,
        variant_id=variant_id,
        lot_id=lot_id,
        quantity=Decimal(quantity),
    )


def back(quantity: str, *, before: str = "0", of: str = "3", **said: object) -> Back:
    return Back(
        order_line_id=LINE,
        line_quantity=Decimal(of),
        before=Decimal(before),
        quantity=Decimal(quantity),
        **said,  # type: ignore[arg-type]
    )


def came(backs: list[Back], movements: list[Gone]) -> list[tuple[int, str, str]]:
    found = reversals(backs=backs, gone=movements)
    return [(each.gone.id.int - 100, str(each.quantity), str(each.wasted)) for each in found]


def test_pieces_of_several_lots_stay_whole() -> None:
    lots = [gone(0, "2", lot_id=LOTS[0]), gone(1, "1", lot_id=LOTS[1])]
    assert came([back("1")], lots) == [(0, "1.000000", "0.000000")]
    assert came([back("2")], lots) == [(0, "1.000000", "0.000000"), (1, "1.000000", "0.000000")]


def test_the_lot_that_was_named_comes_back() -> None:
    lots = [gone(0, "2", lot_id=LOTS[0]), gone(1, "1", lot_id=LOTS[1])]
    assert came([back("1", lot_id=LOTS[1], is_waste=True)], lots) == [(1, "1.000000", "1.000000")]


@pytest.mark.parametrize(("lot", "quantity"), [(1, "2"), (2, "1")])
def test_a_lot_that_was_not_sold_so_often_does_not_come_back(lot: int, quantity: str) -> None:
    lots = [gone(0, "2", lot_id=LOTS[0]), gone(1, "1", lot_id=LOTS[1])]
    with pytest.raises(LotNotSold):
        reversals(backs=[back(quantity, lot_id=LOTS[lot])], gone=lots)


def test_ingredients_come_back_by_the_share_of_the_line() -> None:
    dish = [gone(0, "0.100001", variant_id=FLOUR), gone(1, "3")]
    assert came([back("1"), back("1", before="1", is_waste=True)], dish) == [
        (0, "0.066667", "0.033333"),
        (1, "2.000000", "1.000000"),
    ]


quantities = st.decimals(min_value="0.000001", max_value=1000, places=6)


@given(
    sold=st.lists(st.tuples(quantities, st.booleans()), min_size=1, max_size=5),
    steps=st.lists(st.integers(1, 5), min_size=1, max_size=6),
)
def test_steps_add_up_to_what_went(sold: list[tuple[Decimal, bool]], steps: list[int]) -> None:
    movements = [
        gone(number, str(quantity), variant_id=BUN if is_bun else FLOUR)
        for number, (quantity, is_bun) in enumerate(sold)
    ]
    whole, before = sum(steps), 0
    total = {each.id: Decimal(0) for each in movements}
    for step in steps:
        so_far = [
            Gone(
                id=each.id,
                order_line_id=LINE,
                variant_id=each.variant_id,
                lot_id=None,
                quantity=each.quantity,
                reversed_before=total[each.id],
            )
            for each in movements
        ]
        for each in reversals(backs=[back(str(step), before=str(before), of=str(whole))], gone=so_far):
            assert each.quantity > 0
            total[each.gone.id] += each.quantity
        assert all(total[each.id] <= each.quantity for each in movements)
        before += step
    assert total == {each.id: each.quantity for each in movements}


def test_shares_go_to_the_largest_remainders() -> None:
    left = {LOTS[0]: Fraction(5), LOTS[1]: Fraction(3), LOTS[2]: Fraction(2)}
    assert shared(due=Fraction(3), left=left) == {LOTS[0]: 1, LOTS[1]: 1, LOTS[2]: 1}
    assert shared(due=Fraction(10), left=left) == left
    assert shared(due=Fraction(0), left=left) == {}
