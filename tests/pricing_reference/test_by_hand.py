"""The reference itself, on sums small enough to do by hand."""

from fractions import Fraction

import pytest

from tests.pricing_reference.book import Json, content_key
from tests.pricing_reference.cash import cash_rounding
from tests.pricing_reference.conditions import holds
from tests.pricing_reference.digest import digest_text
from tests.pricing_reference.numbers import largest_remainder, nearest, plain, shared_by_weight
from tests.pricing_reference.price import price
from tests.pricing_reference.taxes import exact_taxes

VAT = {"code": "vat", "name": "VAT", "rate": "0.2", "compound": False}
ON_TOP = {"code": "pst", "name": "PST", "rate": "0.1", "compound": True}
DEPOSIT = {"code": "deposit", "name": "Deposit", "per_unit_minor": 25}


@pytest.mark.parametrize(
    ("value", "mode", "whole"),
    [
        ("0.5", "half_up", 1),
        ("0.5", "half_even", 0),
        ("1.5", "half_even", 2),
        ("2.5", "half_even", 2),
        ("-2.5", "half_up", -3),
        ("2.4999999", "half_up", 2),
    ],
)
def test_half_goes_where_the_mode_says(value: str, mode: str, whole: int) -> None:
    assert nearest(Fraction(value), mode) == whole


def test_left_over_units_go_to_the_largest_remainders_and_ties_to_the_smaller_key() -> None:
    assert largest_remainder(10, [Fraction("3.3"), Fraction("3.4"), Fraction("3.3")], ["c", "b", "a"]) == [
        3,
        4,
        3,
    ]
    assert shared_by_weight(100, [Fraction(1)] * 3, ["c", "b", "a"]) == [33, 33, 34]
    assert shared_by_weight(5, [Fraction(0)] * 2, ["b", "a"]) == [2, 3]


def test_contained_taxes_solve_for_the_base() -> None:
    rule = {"inclusive": True, "components": [VAT, ON_TOP]}
    assert exact_taxes(rule, 132, Fraction(1)) == [20, 12]
    assert exact_taxes({"inclusive": True, "components": [DEPOSIT, VAT]}, 145, Fraction(1)) == [25, 20]


def test_a_deposit_above_the_price_takes_all_of_it() -> None:
    assert exact_taxes({"inclusive": True, "components": [VAT, DEPOSIT]}, 40, Fraction(2)) == [0, 40]
    compound_on_deposit = {"inclusive": True, "components": [DEPOSIT, ON_TOP]}
    assert exact_taxes(compound_on_deposit, 26, Fraction(1)) == [25, 1]


def test_nothing_to_tax_is_taxed_with_nothing() -> None:
    assert exact_taxes({"inclusive": False, "components": [VAT, DEPOSIT]}, 0, Fraction(3)) == [0, 0]


@pytest.mark.parametrize(
    ("at", "held"),
    [
        ("2026-03-06T21:59:59", False),
        ("2026-03-06T22:00", True),
        ("2026-03-07T01:59:59", True),
        ("2026-03-07T02:00", False),
        ("2026-03-07T23:00", False),
        ("2026-03-06T01:00", False),
    ],
)
def test_a_window_over_midnight_belongs_to_the_day_it_began_on(at: str, held: bool) -> None:
    friday_night = {"weekdays": [5], "times": [["22:00", "02:00"]]}
    assert holds(friday_night, {"at": at}) is held


def test_cash_is_rounded_half_away_from_zero_on_both_sides() -> None:
    assert cash_rounding(due_minor=1798, increment=5) == {"rounded_minor": 1800, "difference_minor": 2}
    assert cash_rounding(due_minor=-1798, increment=5) == {"rounded_minor": -1800, "difference_minor": -2}
    assert cash_rounding(due_minor=25, increment=50) == {"rounded_minor": 50, "difference_minor": 25}


def test_equal_lines_have_equal_keys_whatever_their_ids() -> None:
    one = {
        "id": "a",
        "variant_id": "v",
        "quantity": "1.50",
        "discounts": [{"id": "x", "name": "X", "percent": "0.10"}],
    }
    other = {
        "id": "b",
        "variant_id": "v",
        "quantity": "1.5",
        "discounts": [{"id": "y", "name": "Y", "percent": "0.1"}],
    }
    assert content_key(one) == content_key(other) == '["v","1.5",null,null,null,[],[],[["percent","0.1"]]]'


def test_plain_decimals_have_no_exponent_and_no_idle_zeros() -> None:
    assert [plain("1E+2"), plain("0.190"), plain("100"), plain("0.000001")] == [
        "100",
        "0.19",
        "100",
        "0.000001",
    ]


def test_the_text_of_a_digest_is_as_described() -> None:
    mug = {"id": "l1", "variant_id": "mug", "quantity": "2"}
    sale: dict[str, Json] = {
        "cart": {"lines": [mug], "tip_minor": 100},
        "context": {"currency": "GBP", "at": "2026-03-04T12:00"},
        "book": {
            "tax_classes": [{"code": "standard", "rules": [{"inclusive": True, "components": [VAT]}]}],
            "items": [
                {
                    "id": "mug",
                    "tax_class": "standard",
                    "variants": [{"id": "mug", "price_minor": 899}],
                }
            ],
        },
    }
    assert digest_text(sale["cart"], price(**sale)).splitlines() == [
        '["fynlo-pricing","2","GBP","per_line half_up"]',
        (
            '["line",["mug","2",null,null,null,[],[],[]],'
            '[899,899,null,0,1798,0,1498,300,"standard",[["vat","0.2",true,1498,300]],[]]]'
        ),
        '["tax","vat","0.2",true,1498,300]',
        '["sales","standard",1498]',
        '["total",1498,300,1798,100,1898]',
    ]
