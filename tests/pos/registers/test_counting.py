"""The worked numbers of closing a drawer in docs/algorithms/ledger.md."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.registers.counting import CountNegative, DrawerCount, count_drawer

FLOAT, SALES = 15000, [1000, -60, 500, -60]


def test_a_drawer_that_is_short() -> None:
    count = count_drawer(movements=[FLOAT, *SALES], counted_minor=16346)
    assert count == DrawerCount(expected_minor=16380, counted_minor=16346)
    assert count.variance_minor == -34


def test_a_drawer_that_is_over_and_one_that_is_right() -> None:
    assert count_drawer(movements=[FLOAT, *SALES], counted_minor=16400).variance_minor == 20
    assert count_drawer(movements=[FLOAT, *SALES], counted_minor=16380).variance_minor == 0


def test_an_untouched_drawer_without_a_float_holds_nothing() -> None:
    assert count_drawer(movements=[], counted_minor=0) == DrawerCount(expected_minor=0, counted_minor=0)


def test_a_count_below_zero_is_refused() -> None:
    with pytest.raises(CountNegative) as caught:
        count_drawer(movements=[FLOAT], counted_minor=-1)
    assert (caught.value.code, caught.value.errors[0].pointer) == ("count_negative", "/counted")


@settings(deadline=None)
@given(
    movements=st.lists(st.integers(-(10**6), 10**6)),
    late=st.integers(1, 10**6),
    counted=st.integers(0, 10**9),
)
def test_cash_that_is_not_in_the_drawer_is_missing_in_full(
    movements: list[int], late: int, counted: int
) -> None:
    before = count_drawer(movements=movements, counted_minor=counted)
    after = count_drawer(movements=[*movements, late], counted_minor=counted)
    assert before.expected_minor + before.variance_minor == counted
    assert after.variance_minor == before.variance_minor - late
