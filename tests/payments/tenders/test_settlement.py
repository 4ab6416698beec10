"""What each tender pays and what goes back: worked numbers, and what holds for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.tenders.settlement import settle

CASH, CARD = True, False


@pytest.mark.parametrize(
    ("total", "tenders", "shares"),
    [
        (940, [(1000, CASH)], [(940, 60)]),
        (940, [(940, CASH)], [(940, 0)]),
        (940, [(400, CASH)], [(400, 0)]),
        (940, [(500, CASH), (500, CASH), (200, CASH)], [(500, 0), (440, 60), (0, 200)]),
        (940, [(1000, CASH), (500, CARD)], [(440, 560), (500, 0)]),
        (940, [(940, CARD), (50, CASH)], [(940, 0), (0, 50)]),
        (940, [(2000, CARD), (50, CASH)], [(2000, 0), (0, 50)]),
        (0, [(50, CASH)], [(0, 50)]),
        (940, [], []),
    ],
)
def test_worked_numbers(total: int, tenders: list[tuple[int, bool]], shares: list[tuple[int, int]]) -> None:
    found = settle(total_minor=total, tenders=tenders)
    assert [(share.amount_minor, share.change_minor) for share in found] == shares


tenders = st.lists(st.tuples(st.integers(1, 10**6), st.booleans()), max_size=8)


@given(total=st.integers(0, 10**6), offered=tenders)
def test_cash_never_pays_more_than_is_left_and_nothing_is_lost(
    total: int, offered: list[tuple[int, bool]]
) -> None:
    shares = settle(total_minor=total, tenders=offered)
    assert [share.tendered_minor for share in shares] == [amount for amount, _ in offered]
    assert all(0 <= share.amount_minor <= share.tendered_minor for share in shares)
    by_card = sum(amount for amount, gives_change in offered if not gives_change)
    paid = sum(share.amount_minor for share in shares)
    assert paid == max(by_card, min(total, sum(amount for amount, _ in offered)))
    if paid < total:
        assert all(share.change_minor == 0 for share in shares)
