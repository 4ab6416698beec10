"""The vendor's smallest units, which are ours but for a few currencies."""

import pytest

from fynlo.core.money import CURRENCIES
from payments.gateways.stripe.amounts import NotPayable, from_vendor, smallest, to_vendor


@pytest.mark.parametrize(
    ("minor", "currency", "theirs"),
    [
        (1250, "EUR", 1250),
        (1250, "JPY", 1250),
        (1250, "KWD", 1250),
        (1250, "ISK", 125_000),
        (1250, "UGX", 125_000),
        (1200, "MGA", 12),
        (0, "EUR", 0),
        (-500, "EUR", -500),
    ],
)
def test_an_amount_there_and_back(minor: int, currency: str, theirs: int) -> None:
    assert to_vendor(minor, currency) == theirs
    assert from_vendor(theirs, currency) == minor


@pytest.mark.parametrize(("minor", "currency"), [(1251, "KWD"), (1205, "MGA")])
def test_what_the_vendor_has_no_unit_for_is_refused(minor: int, currency: str) -> None:
    with pytest.raises(NotPayable):
        to_vendor(minor, currency)


def test_every_currency_comes_back() -> None:
    assert [from_vendor(to_vendor(10_000, code), code) for code in CURRENCIES] == [10_000] * len(CURRENCIES)


def test_the_least_that_is_taken() -> None:
    assert [smallest(code) for code in ("EUR", "GBP", "JPY", "HUF", "ISK")] == [50, 30, 50, 17_500, 1]
