"""Units: exact between metric ones and an item's own, and there and back is the same."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.catalog.conversion import NoConversion, convert

CHEESE = ({"code": "portion", "name": "Portion", "numerator": 150, "denominator": 1},)
COLA = (
    {"code": "case", "name": "Case", "numerator": 24, "denominator": 1},
    {"code": "third", "name": "Third of a bottle", "numerator": 1, "denominator": 3},
)


@pytest.mark.parametrize(
    ("quantity", "start", "end", "expected"),
    [
        (Decimal("1.5"), "kg", "g", Fraction(1500)),
        (Decimal(250), "ml", "l", Fraction(1, 4)),
        (1, "g", "kg", Fraction(1, 1000)),
        (7, "l", "l", Fraction(7)),
    ],
    ids=["kg to g", "ml to l", "g to kg", "same"],
)
def test_metric_units_have_their_factor(
    quantity: Decimal | int, start: str, end: str, expected: Fraction
) -> None:
    assert convert(quantity=quantity, from_unit=start, to_unit=end) == expected


def test_bought_by_the_kilogram_counted_in_grams_sold_by_the_portion() -> None:
    bought = convert(quantity=2, from_unit="kg", to_unit="g", units=CHEESE, unit="g")
    assert bought == 2000
    assert convert(quantity=2, from_unit="kg", to_unit="portion", units=CHEESE, unit="g") == Fraction(40, 3)
    assert convert(quantity=3, from_unit="portion", to_unit="kg", units=CHEESE, unit="g") == Fraction(9, 20)


def test_a_unit_of_its_own_leads_to_the_metric_ones_beside_it() -> None:
    units = ({"code": "kg", "name": "", "numerator": 5, "denominator": 1},)
    assert convert(quantity=200, from_unit="g", to_unit="each", units=units) == 1


@given(st.fractions(min_value=0, max_value=10**6), st.sampled_from(["each", "case", "third"]))
def test_there_and_back_is_the_same(quantity: Fraction, unit: str) -> None:
    there = convert(quantity=quantity, from_unit="each", to_unit=unit, units=COLA)
    assert convert(quantity=there, from_unit=unit, to_unit="each", units=COLA) == quantity


@pytest.mark.parametrize(("start", "end"), [("kg", "l"), ("each", "kg"), ("case", "each"), ("each", "box")])
def test_what_nothing_connects_is_not_converted(start: str, end: str) -> None:
    with pytest.raises(NoConversion):
        convert(quantity=1, from_unit=start, to_unit=end)
