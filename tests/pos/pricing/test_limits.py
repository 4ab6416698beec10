"""What cannot be priced is refused by name, with a pointer to the place."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from fynlo.core.errors import DomainError
from fynlo.core.money import UnknownCurrency
from pos.pricing.engine1.engine import price_cart
from pos.pricing.engine1.types import TaxClass
from tests.pos.pricing.builders import cart, context, line, tax

STANDARD = tax("standard", "0.20", inclusive=True)
GOOD = line(1, 100, STANDARD)


def refusal(*lines: Any) -> tuple[str, str]:
    """The code and pointer that pricing answers for these lines."""
    with pytest.raises(DomainError) as caught:
        price_cart(cart=cart(*lines), context=context("GBP"))
    assert caught.value.status == 422
    return caught.value.code, caught.value.errors[0].pointer


def test_an_empty_cart_is_refused() -> None:
    assert refusal() == ("cart_empty", "/lines")


def test_a_cart_has_at_most_a_thousand_lines() -> None:
    assert refusal(*[GOOD] * 1001) == ("cart_too_long", "/lines")
    assert price_cart(cart=cart(*[GOOD] * 1000), context=context("GBP")).total_minor == 100_000


@pytest.mark.parametrize(
    "quantity",
    [
        Decimal(0),
        Decimal(-1),
        Decimal("1000000.000001"),
        Decimal("0.0000001"),
        Fraction(1, 3),
        Decimal("NaN"),
        Decimal("Infinity"),
        0.5,
        True,
        "1",
    ],
)
def test_quantities_are_positive_exact_and_bounded(quantity: Any) -> None:
    assert refusal(GOOD, replace(GOOD, quantity=quantity)) == ("quantity_out_of_range", "/lines/1/quantity")


@pytest.mark.parametrize("quantity", [1, Fraction(1, 2), Decimal("0.000001"), Decimal("1E+6")])
def test_exact_quantities_of_any_exact_type_are_priced(quantity: Any) -> None:
    priced = price_cart(cart=cart(replace(GOOD, quantity=quantity)), context=context("GBP"))
    assert priced.total_minor == {1: 100, Fraction(1, 2): 50}.get(
        quantity, 0 if quantity < 1 else 100_000_000
    )


@pytest.mark.parametrize("price", [-1, 10**11 + 1, 12.5, Decimal(5), True])
def test_prices_are_whole_and_bounded(price: Any) -> None:
    bad = replace(GOOD, unit_price_minor=price)
    assert refusal(GOOD, GOOD, bad) == ("price_out_of_range", "/lines/2/unit_price_minor")


@pytest.mark.parametrize("rate", [Fraction(-1, 100), Fraction(10), Fraction(1, 3), Decimal("0.19"), 0.19])
def test_rates_are_exact_and_bounded(rate: Any) -> None:
    bad = replace(GOOD, tax_class=TaxClass(code="odd", rate=rate, inclusive=True))
    assert refusal(bad) == ("tax_rate_out_of_range", "/lines/0/tax_class")


def test_a_total_stays_readable_for_every_client() -> None:
    dear = line(1, 10**11, STANDARD, "90071")
    assert price_cart(cart=cart(dear), context=context("GBP")).total_minor == 9_007_100_000_000_000
    assert refusal(dear, line(2, 10**11, STANDARD)) == ("amount_too_large", "/lines")


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        price_cart(cart=cart(GOOD), context=context("XXX"))
