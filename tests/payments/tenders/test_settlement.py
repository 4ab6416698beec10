"""What each tender pays and what goes back: worked numbers, and what holds for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.tenders.settlement import settle
from pos.pricing.cash import cash_rounding

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


def to_five(due_minor: int) -> int:
    """Switzerland has no coin below five centimes."""
    return cash_rounding(due_minor=due_minor, increment=5)[0]


@pytest.mark.parametrize(
    ("total", "tenders", "shares"),
    [
        (1232, [(2000, CASH)], [(1232, 770, 2)]),  # 12.30 is kept, the guest saved 0.02
        (1233, [(2000, CASH)], [(1233, 765, -2)]),  # 12.35 is kept, 0.02 more than was due
        (1235, [(2000, CASH)], [(1235, 765, 0)]),
        (1232, [(1230, CASH)], [(1232, 0, 2)]),
        (1233, [(1235, CASH)], [(1233, 0, -2)]),
        (1232, [(1232, CASH)], [(1232, 2, 2)]),
        (1233, [(1233, CASH)], [(1233, 0, 0)]),  # not enough for 12.35: a part, so not rounded
        (1232, [(1000, CASH)], [(1000, 0, 0)]),
        (1232, [(1232, CARD)], [(1232, 0, 0)]),  # cards pay to the centime
        (1232, [(1000, CARD), (500, CASH)], [(1000, 0, 0), (232, 270, 2)]),
        (1232, [(500, CASH), (1000, CARD)], [(232, 270, 2), (1000, 0, 0)]),
        (1232, [(1000, CASH), (500, CASH)], [(1000, 0, 0), (232, 270, 2)]),
        (1232, [(1230, CASH), (500, CASH)], [(1232, 0, 2), (0, 500, 0)]),
        (2, [(50, CASH)], [(2, 50, 2)]),
        (2, [], []),
        (1232, [(1232, CARD), (50, CASH)], [(1232, 0, 0), (0, 50, 0)]),
    ],
)
def test_cash_is_rounded_where_it_completes_the_payment(
    total: int, tenders: list[tuple[int, bool]], shares: list[tuple[int, int, int]]
) -> None:
    found = settle(total_minor=total, tenders=tenders, round_cash=to_five)
    assert [(share.amount_minor, share.change_minor, share.rounding_minor) for share in found] == shares


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


@given(total=st.integers(0, 10**4), offered=tenders, increment=st.sampled_from([1, 5, 10, 50, 100]))
def test_rounding_is_small_happens_once_and_only_to_what_is_paid(
    total: int, offered: list[tuple[int, bool]], increment: int
) -> None:
    def rounded(due_minor: int) -> int:
        return cash_rounding(due_minor=due_minor, increment=increment)[0]

    shares = settle(total_minor=total, tenders=offered, round_cash=rounded)
    given = [share.rounding_minor for share in shares if share.rounding_minor]
    assert len(given) <= 1
    assert all(2 * abs(rounding) <= increment for rounding in given)
    assert all(share.amount_minor >= 0 and share.change_minor >= 0 for share in shares)
    if given:
        assert sum(share.amount_minor for share in shares) == total
        kept = sum(share.tendered_minor - share.change_minor for share in shares)
        by_card = sum(amount for amount, gives_change in offered if not gives_change)
        assert (kept - by_card) % increment == 0
