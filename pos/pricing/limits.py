"""How big a cart may be: checked first, so arithmetic never meets what tables and clients cannot hold."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from fynlo.core.money import MAX_MINOR
from pos.pricing.decimals import SCALE
from pos.pricing.errors import (
    AmountTooLarge,
    DiscountOutOfRange,
    DuplicateId,
    EmptyCart,
    ModifiersTooDeep,
    OneOfExpected,
    PercentOutOfRange,
    PriceOutOfRange,
    QuantityOutOfRange,
    TaxRateOutOfRange,
    TooManyDiscounts,
    TooManyLines,
    TooManyModifiers,
)
from pos.pricing.types import Cart, CartDiscount, CartLine, CartModifier

MAX_LINES: Final = 1_000
MAX_QUANTITY: Final = 1_000_000
MAX_UNIT_PRICE_MINOR: Final = 10**11
MAX_RATE: Final = 10
MAX_TAXED: Final = 100
"""How many times what it is without taxes a price may be with the rates of one rule."""
MAX_MODIFIERS: Final = 100
MAX_COMPONENTS: Final = 100
MAX_DEPTH: Final = 3
MAX_DISCOUNTS: Final = 20


def check_cart(cart: Cart) -> None:
    """Raise the named error of the first thing that cannot be priced, with a JSON pointer to it."""
    if not cart.lines:
        raise EmptyCart("add at least one line", pointer="/lines")
    if len(cart.lines) > MAX_LINES:
        raise TooManyLines(f"an order has at most {MAX_LINES} lines", pointer="/lines")
    seen: set[str] = set()
    for place, line in enumerate(cart.lines):
        if line.id in seen:
            raise DuplicateId(f"the line {line.id!r} is given twice", pointer=f"/lines/{place}/id")
        seen.add(line.id)
        _check_line(line, f"/lines/{place}")
    if cart.discounts:
        _check_discounts(cart.discounts, "")
    if not isinstance(cart.tip_minor, int) or isinstance(cart.tip_minor, bool) or cart.tip_minor < 0:
        raise PriceOutOfRange("a tip is a whole number of minor units from 0 on", pointer="/tip_minor")


def check_total(*, shown_minor: int, payable_minor: int, tip_minor: int = 0) -> None:
    """Raise `AmountTooLarge` when an order is worth more than can be carried, before or after discounts."""
    if max(shown_minor, payable_minor) > MAX_MINOR:
        of_goods = max(shown_minor, payable_minor - tip_minor) > MAX_MINOR
        detail = f"an order is worth at most {MAX_MINOR} minor units"
        raise AmountTooLarge(detail, pointer="/lines" if of_goods else "/tip")


def check_modifiers(*, price_minor: int, pointer: str) -> None:
    """Raise `AmountTooLarge` when modifiers cost, or take off, more than can be carried."""
    if abs(price_minor) > MAX_MINOR:
        raise AmountTooLarge(f"modifiers are worth at most {MAX_MINOR} minor units", pointer=pointer)


def check_quantity(*, quantity: object, pointer: str) -> None:
    """Raise `QuantityOutOfRange` unless it is exact, above 0, at most a million, of six decimal places."""
    if not isinstance(quantity, Decimal | Fraction | int) or isinstance(quantity, bool):
        raise QuantityOutOfRange("a quantity is an exact decimal number", pointer=pointer)
    if isinstance(quantity, Decimal) and not quantity.is_finite():
        raise QuantityOutOfRange("a quantity is a number", pointer=pointer)
    if not 0 < quantity <= MAX_QUANTITY:
        raise QuantityOutOfRange(f"a quantity is above 0 and at most {MAX_QUANTITY}", pointer=pointer)
    if not isinstance(quantity, int) and SCALE % quantity.as_integer_ratio()[1]:
        raise QuantityOutOfRange("a quantity has at most six decimal places", pointer=pointer)


def check_price(*, price: object, pointer: str) -> None:
    """Raise `PriceOutOfRange` unless it is a whole number of minor units from 0 to 10¹¹."""
    if not isinstance(price, int) or isinstance(price, bool):
        raise PriceOutOfRange("a price is a whole number of minor units", pointer=pointer)
    if not 0 <= price <= MAX_UNIT_PRICE_MINOR:
        raise PriceOutOfRange(f"a price is from 0 to {MAX_UNIT_PRICE_MINOR} minor units", pointer=pointer)


def check_percent(*, percent: object, pointer: str) -> None:
    """Raise `PercentOutOfRange` unless it is an exact fraction from 0 to 1 with six decimal places."""
    if not isinstance(percent, Fraction) or not 0 <= percent <= 1 or SCALE % percent.denominator:
        raise PercentOutOfRange("a share is from 0 to 1, with six decimal places", pointer=pointer)


def check_discount(*, amount_minor: object, pointer: str) -> None:
    """Raise `DiscountOutOfRange` unless it is a whole number of minor units from 0 on."""
    if (
        not isinstance(amount_minor, int)
        or isinstance(amount_minor, bool)
        or not 0 <= amount_minor <= MAX_MINOR
    ):
        raise DiscountOutOfRange("a discount is a whole number of minor units from 0 on", pointer=pointer)


def check_rate(*, rate: object, pointer: str) -> None:
    """Raise `TaxRateOutOfRange` unless it is an exact fraction from 0 to below 10 with six decimal places."""
    if not isinstance(rate, Fraction) or not 0 <= rate < MAX_RATE or SCALE % rate.denominator:
        raise TaxRateOutOfRange("a tax rate is from 0 to below 10, with six decimal places", pointer=pointer)


def _check_line(line: CartLine, pointer: str) -> None:
    check_quantity(quantity=line.quantity, pointer=f"{pointer}/quantity")
    if line.unit_price_minor is not None:
        check_price(price=line.unit_price_minor, pointer=f"{pointer}/unit_price_minor")
    if line.amount_minor is not None:
        check_price(price=line.amount_minor, pointer=f"{pointer}/amount_minor")
    if line.modifiers or line.components:
        _check_choices(line, pointer)
    if line.discounts:
        _check_discounts(line.discounts, pointer)


def _check_choices(line: CartLine, pointer: str) -> None:
    if len(line.components) > MAX_COMPONENTS:
        raise TooManyModifiers(
            f"a line has at most {MAX_COMPONENTS} components", pointer=f"{pointer}/components"
        )
    count = _count_modifiers(line.modifiers, pointer, 1)
    for place, component in enumerate(line.components):
        count += _count_modifiers(component.modifiers, f"{pointer}/components/{place}", 1)
    if count > MAX_MODIFIERS:
        raise TooManyModifiers(
            f"a line has at most {MAX_MODIFIERS} modifiers", pointer=f"{pointer}/modifiers"
        )


def _count_modifiers(modifiers: tuple[CartModifier, ...], pointer: str, depth: int) -> int:
    if modifiers and depth > MAX_DEPTH:
        raise ModifiersTooDeep(
            f"modifiers are nested at most {MAX_DEPTH} deep", pointer=f"{pointer}/modifiers"
        )
    count = len(modifiers)
    for place, modifier in enumerate(modifiers):
        at = f"{pointer}/modifiers/{place}"
        quantity = modifier.quantity
        if not isinstance(quantity, int) or isinstance(quantity, bool) or not 0 < quantity <= MAX_QUANTITY:
            raise QuantityOutOfRange(
                f"a modifier is taken a whole number of times, 1 to {MAX_QUANTITY}", pointer=f"{at}/quantity"
            )
        count += _count_modifiers(modifier.modifiers, at, depth + 1)
    return count


def _check_discounts(discounts: tuple[CartDiscount, ...], pointer: str) -> None:
    if len(discounts) > MAX_DISCOUNTS:
        raise TooManyDiscounts(
            f"there are at most {MAX_DISCOUNTS} discounts here", pointer=f"{pointer}/discounts"
        )
    for place, discount in enumerate(discounts):
        at = f"{pointer}/discounts/{place}"
        if (discount.percent is None) == (discount.amount_minor is None):
            raise OneOfExpected("give exactly one of percent, amount_minor", pointer=at)
        if discount.percent is not None:
            check_percent(percent=discount.percent, pointer=f"{at}/percent")
        else:
            check_discount(amount_minor=discount.amount_minor, pointer=f"{at}/amount_minor")
