"""A tax says its rate once on paper: in its name, or behind it."""

from decimal import Decimal

import pytest

from pos.receipts.tax_names import says_rate


@pytest.mark.parametrize(
    ("name", "rate", "says"),
    [
        ("19 % USt", "0.19", True),
        ("VAT 19%", "0.19", True),
        ("TVA 5,5 %", "0.055", True),
        ("VAT 20.0%", "0.20", True),
        ("ضريبة ١٥٪", "0.15", True),
        ("19 % / 7 %", "0.07", True),
        ("MwSt 15 %", "0.05", False),
        ("TVA 5,5 %", "0.05", False),
        ("1.19 %", "0.19", False),
        ("USt", "0.19", False),
        ("Rate 19", "0.19", False),
        ("", "0", False),
    ],
)
def test_whether_a_name_says_its_rate(name: str, rate: str, says: bool) -> None:
    assert says_rate(name, Decimal(rate)) is says
