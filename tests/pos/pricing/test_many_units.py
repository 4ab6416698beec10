"""Rules that count units do not count them one by one: a million of them is one run."""

from typing import Any

import pytest

from tests.pos.pricing.documents import book, discounts, item, line, price

MILLION = line("nail", "1000000")


def promoted(rule: dict[str, Any], **more: Any) -> dict[str, Any]:
    return book(item("nail", 3), item("screw", 5), promotions=[{"id": "offer", "rule": rule, **more}])


EVERYTHING = {"all": True}


@pytest.mark.parametrize(
    ("rule", "off"),
    [
        # 333,333 groups of 0.09 for 0.07
        ({"kind": "n_for_price", "select": EVERYTHING, "n": 3, "price_minor": 7}, 666_666),
        ({"kind": "cheapest_free", "select": EVERYTHING, "n": 3}, 999_999),
        ({"kind": "buy_get", "buy": EVERYTHING, "buy_quantity": 2, "get_quantity": 1}, 999_999),
        # 500,000 pairs of 0.06 for 0.05
        ({"kind": "bundle", "parts": [{"select": EVERYTHING, "quantity": 2}], "price_minor": 5}, 500_000),
    ],
)
def test_a_million_units(rule: dict[str, Any], off: int) -> None:
    assert discounts(price(promoted(rule), MILLION)) == [("offer", off, [off])]


def test_a_million_of_one_and_a_million_of_another() -> None:
    rule = {"kind": "n_for_price", "select": EVERYTHING, "n": 3, "price_minor": 7}
    # screws 333,333 × (0.15 − 0.07); a screw with two nails 0.11 − 0.07; nails 333,332 × (0.09 − 0.07)
    nails_and_screws = price(promoted(rule), MILLION, line("screw", "1000000"))
    assert nails_and_screws.discounts[0].amount_minor == 333_333 * 8 + 4 + 333_332 * 2


def test_bundles_of_two_lines_until_one_runs_out() -> None:
    parts = [{"select": {"items": ["screw"]}, "quantity": 1}, {"select": {"items": ["nail"]}, "quantity": 3}]
    rule = {"kind": "bundle", "parts": parts, "percent": "0.5"}
    # 333,333 bundles, half off: screws 0.025 and nails 0.045 each; of two halves the nails get the cent
    given = discounts(price(promoted(rule), MILLION, line("screw", "1000000")))
    assert given == [("offer", 2_333_331, [1_499_999, 833_332])]


def test_applications_are_limited_within_a_run() -> None:
    rule = {"kind": "cheapest_free", "select": EVERYTHING, "n": 3}
    assert discounts(price(promoted(rule, max_applications=1000), MILLION)) == [("offer", 3000, [3000])]
