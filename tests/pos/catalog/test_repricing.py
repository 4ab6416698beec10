"""New prices from old ones: exact, ending as prices in shops do, never below nothing."""

from fractions import Fraction

import pytest

from pos.catalog.repricing import Change, new_price


@pytest.mark.parametrize(
    ("price", "percent", "amount", "ending", "expected"),
    [
        (240, "0.05", 0, "", 252),
        (250, "0.05", 0, "", 263),  # 262.5: half goes up
        (240, "-0.1", 0, "", 216),
        (240, "0", -20, "", 220),
        (240, "0", -300, "", 0),
        (240, "-1", 0, "", 0),
        (0, "0.05", 100, "", 0),
        (252, "0", 0, "05", 250),
        (253, "0", 0, "05", 255),
        (1049, "0", 0, "00", 1000),
        (1050, "0", 0, "00", 1100),
        (1024, "0", 0, "50", 1000),
        (1025, "0", 0, "50", 1050),
        (252, "0", 0, "09", 249),
        (254, "0", 0, "09", 259),
        (1234, "0", 0, "99", 1199),
        (1249, "0", 0, "99", 1299),
        (12, "0", 0, "99", 99),
        (3, "0", 0, "09", 9),
    ],
)
def test_the_nearest_price_with_the_ending(
    price: int, percent: str, amount: int, ending: str, expected: int
) -> None:
    change = Change(percent=Fraction(percent), amount_minor=amount, ending=ending)
    assert new_price(price_minor=price, change=change) == expected
