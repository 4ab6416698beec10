"""Sharing out a rounded whole: parts add up, each its exact part rounded down or up, whatever the order."""

from fractions import Fraction

from pos.pricing.engine1.engine import price_cart
from pos.pricing.engine1.rounding import round_minor, share_out
from pos.pricing.engine1.types import RoundingMode, RoundingScope
from tests.pos.pricing.builders import cart, context, line, tax

STANDARD = tax("standard", "0.20", inclusive=True)


def test_the_largest_remainders_get_what_is_left_over() -> None:
    exact = [Fraction("1.2"), Fraction("0.7"), Fraction("2.6")]
    assert share_out(whole=5, exact=exact) == [1, 1, 3]
    assert share_out(whole=4, exact=exact) == [1, 1, 2]


def test_equal_remainders_go_to_the_earlier_part() -> None:
    assert share_out(whole=2, exact=[Fraction("0.5")] * 4) == [1, 1, 0, 0]


def test_whole_parts_stay_as_they_are() -> None:
    assert share_out(whole=3, exact=[Fraction(0), Fraction(3)]) == [0, 3]


def test_half_goes_away_from_zero_or_to_the_even_neighbour() -> None:
    halves = [Fraction(1, 2), Fraction(3, 2), Fraction(5, 2)]
    assert [round_minor(exact=half, mode=RoundingMode.HALF_UP) for half in halves] == [1, 2, 3]
    assert [round_minor(exact=half, mode=RoundingMode.HALF_EVEN) for half in halves] == [0, 2, 2]


def test_the_left_over_cent_follows_the_line_not_its_place() -> None:
    lines = [line(number, 89, STANDARD) for number in (1, 2, 3, 4, 5)]
    where = context("GBP", RoundingScope.PER_RATE)
    # 4.45 / 6 = 0.7416… of 0.1483… each: four lines carry 0.15, one 0.14
    typed = price_cart(cart=cart(*lines), context=where)
    reversed_ = price_cart(cart=cart(*reversed(lines)), context=where)
    taxes = {priced.line.variant_id.int: priced.tax_minor for priced in typed.lines}
    assert taxes == {1: 15, 2: 15, 3: 15, 4: 15, 5: 14}
    assert {priced.line.variant_id.int: priced.tax_minor for priced in reversed_.lines} == taxes
