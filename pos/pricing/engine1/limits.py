"""How big a cart may be: checked first, so arithmetic never meets what tables and clients cannot hold."""

from decimal import Decimal
from fractions import Fraction

from fynlo.core.money import MAX_MINOR
from pos.pricing.engine1.errors import (
    AmountTooLarge,
    EmptyCart,
    PriceOutOfRange,
    QuantityOutOfRange,
    TaxRateOutOfRange,
    TooManyLines,
)
from pos.pricing.engine1.types import Cart, CartLine, Quantity

MAX_LINES = 1_000
MAX_QUANTITY = 1_000_000
MAX_UNIT_PRICE_MINOR = 10**11
MAX_RATE = 10
STEPS_PER_UNIT = 10**6
"""Quantities and rates have at most six decimal places: the scale of their columns."""


def check_cart(cart: Cart) -> None:
    """Raise the named error of the first line that cannot be priced, with a JSON pointer to it."""
    if not cart.lines:
        raise EmptyCart("add at least one line", pointer="/lines")
    if len(cart.lines) > MAX_LINES:
        raise TooManyLines(f"an order has at most {MAX_LINES} lines", pointer="/lines")
    for index, line in enumerate(cart.lines):
        _check_quantity(quantity=line.quantity, pointer=f"/lines/{index}/quantity")
        _check_price(price=line.unit_price_minor, pointer=f"/lines/{index}/unit_price_minor")
        _check_rate(line=line, pointer=f"/lines/{index}/tax_class")


def check_total(total_minor: int) -> None:
    """Raise `AmountTooLarge` when an order's total cannot be carried."""
    if total_minor > MAX_MINOR:
        raise AmountTooLarge(f"the total may be at most {MAX_MINOR} minor units", pointer="/lines")


def _check_quantity(*, quantity: Quantity, pointer: str) -> None:
    allowed = isinstance(quantity, Decimal | Fraction | int) and not isinstance(quantity, bool)
    if not allowed or (isinstance(quantity, Decimal) and not quantity.is_finite()):
        raise QuantityOutOfRange("a quantity is an exact decimal number", pointer=pointer)
    if not 0 < quantity <= MAX_QUANTITY:
        raise QuantityOutOfRange(f"a quantity is above 0 and at most {MAX_QUANTITY}", pointer=pointer)
    if (Fraction(quantity) * STEPS_PER_UNIT).denominator != 1:
        raise QuantityOutOfRange("a quantity has at most six decimal places", pointer=pointer)


def _check_price(*, price: int, pointer: str) -> None:
    if not isinstance(price, int) or isinstance(price, bool):
        raise PriceOutOfRange("a price is a whole number of minor units", pointer=pointer)
    if not 0 <= price <= MAX_UNIT_PRICE_MINOR:
        raise PriceOutOfRange(f"a price is from 0 to {MAX_UNIT_PRICE_MINOR} minor units", pointer=pointer)


def _check_rate(*, line: CartLine, pointer: str) -> None:
    rate = line.tax_class.rate
    if not isinstance(rate, Fraction):
        raise TaxRateOutOfRange("a tax rate is an exact fraction", pointer=pointer)
    if not 0 <= rate < MAX_RATE or (rate * STEPS_PER_UNIT).denominator != 1:
        raise TaxRateOutOfRange("a tax rate is from 0 to below 10, with six decimal places", pointer=pointer)
