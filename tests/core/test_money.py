"""Money: exact, in its own exponent, divided without loss."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fynlo.core.money import (
    CurrencyMismatch,
    Money,
    UnknownCurrency,
    allocate,
    exponent,
    format_money,
    round_half_even,
    round_half_up,
)


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1250, "GBP"), "12.50"),
        (Money(-5, "EUR"), "-0.05"),
        (Money(1250, "JPY"), "1250"),
        (Money(1250, "KWD"), "1.250"),
        (Money(0, "USD"), "0.00"),
    ],
)
def test_an_amount_is_written_in_its_currencys_exponent(money: Money, text: str) -> None:
    assert format_money(money) == text


def test_currencies_do_not_mix_and_unknown_ones_are_refused() -> None:
    assert Money(1, "EUR") + Money(2, "EUR") == Money(3, "EUR")
    assert Money(1, "EUR") - Money(2, "EUR") == Money(-1, "EUR")
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "GBP")
    for code in ("", "eur", "XXX", "BTC"):
        with pytest.raises(UnknownCurrency):
            exponent(code)


@pytest.mark.parametrize("amount", [1.0, True, "1", None])
def test_only_whole_numbers_are_money(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "half_up", "half_even"),
    [("1/2", 1, 0), ("3/2", 2, 2), ("-1/2", -1, 0), ("5/2", 3, 2), ("-5/2", -3, -2), ("249/100", 2, 2)],
)
def test_halves_are_rounded_as_named(value: str, half_up: int, half_even: int) -> None:
    assert (round_half_up(Fraction(value)), round_half_even(Fraction(value))) == (half_up, half_even)


def test_a_remainder_goes_to_the_largest_fraction_then_the_larger_weight() -> None:
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]
    assert allocate(10, [1, 2]) == [3, 7]
    assert allocate(1, [1, 3]) == [0, 1]
    assert allocate(5, [0, 0]) == [3, 2]
    for weights in ([], [-1, 2]):
        with pytest.raises(ValueError, match="nobody|negative"):
            allocate(5, weights)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_parts_add_up_to_the_whole_and_stay_within_one_of_their_share(total: int, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - Fraction(total * weight, whole)) < 1
