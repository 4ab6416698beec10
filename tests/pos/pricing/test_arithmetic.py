"""Leaving exact numbers: rounding ratios, and sharing so that parts add up to the whole."""

import pytest

from pos.pricing.arithmetic import Rounding, half_even, half_up, largest_remainder, rounding, share
from pos.pricing.decimals import millionths, plain_decimal
from pos.pricing.types import RoundingMode
from tests.pos.pricing.documents import book, context, item, line, price


def test_half_goes_away_from_zero_or_to_the_even_neighbour() -> None:
    halves = [(1, 2), (3, 2), (5, 2), (-1, 2), (-3, 2)]
    assert [half_up(*half) for half in halves] == [1, 2, 3, -1, -2]
    assert [half_even(*half) for half in halves] == [0, 2, 2, 0, -2]
    assert rounding(RoundingMode.HALF_UP) is half_up
    assert rounding(RoundingMode.HALF_EVEN) is half_even


@pytest.mark.parametrize("round_", [half_up, half_even])
def test_what_is_no_half_goes_to_the_nearest(round_: Rounding) -> None:
    assert [round_(n, 10) for n in (-6, -4, 0, 4, 6, 14, 16)] == [-1, 0, 0, 0, 1, 1, 2]


def test_the_largest_remainders_get_what_is_left_over() -> None:
    assert largest_remainder(5, [12, 7, 26], 10) == [1, 1, 3]
    assert largest_remainder(4, [12, 7, 26], 10) == [1, 1, 2]


def test_equal_remainders_go_to_the_earlier_part() -> None:
    assert largest_remainder(2, [1, 1, 1, 1], 2) == [1, 1, 0, 0]


def test_amounts_are_shared_in_proportion_and_equally_when_nothing_weighs() -> None:
    assert share(100, [760, 180]) == [81, 19]
    assert share(100, [0, 0, 0]) == [34, 33, 33]
    assert share(7, [0]) == [7]
    assert share(0, [3, 4]) == [0, 0]


def test_decimals_are_plain() -> None:
    assert millionths(3) == 3_000_000
    written = [plain_decimal(value) for value in (1_000_000, 0, -2)]
    assert written == ["1000000", "0", "-2"]


def test_the_left_over_cent_follows_the_line_not_its_place() -> None:
    menu = book(*[item(name, 89) for name in "abcde"])
    lines = [line(name) for name in "abcde"]
    # 4.45 × 19/119 = 0.7105… of 0.1421… each, rounded 0.71: one line carries 0.15, four 0.14
    typed = price(menu, *lines, where=context(scope="per_rate"))
    turned = price(menu, *reversed(lines), where=context(scope="per_rate"))
    taxes = {priced.line.id: priced.tax_minor for priced in typed.lines}
    assert taxes == {"a": 15, "b": 14, "c": 14, "d": 14, "e": 14}
    assert {priced.line.id: priced.tax_minor for priced in turned.lines} == taxes
    assert turned.digest == typed.digest
