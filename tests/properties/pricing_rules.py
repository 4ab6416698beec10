"""The properties of pricing as plain functions, so that they can be tried on a broken engine as well."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

from pos.pricing.engine1 import engine
from pos.pricing.engine1.types import (
    Cart,
    PricedCart,
    PricedLine,
    PricingContext,
    RoundingMode,
    RoundingScope,
    TaxClass,
)


def parts_add_up(cart: Cart, context: PricingContext) -> None:
    """Lines, taxes and totals say the same sums, and nothing is negative."""
    priced = engine.price_cart(cart=cart, context=context)
    for parts in (priced.lines, priced.taxes):
        assert sum(part.net_minor for part in parts) == priced.subtotal_minor
        assert sum(part.tax_minor for part in parts) == priced.tax_minor
        assert sum(part.gross_minor for part in parts) == priced.total_minor
        assert all(part.net_minor + part.tax_minor == part.gross_minor for part in parts)
        assert all(min(part.net_minor, part.tax_minor) >= 0 for part in parts)
    assert priced.subtotal_minor + priced.tax_minor == priced.total_minor


def amounts_are_the_nearest_whole(cart: Cart, context: PricingContext) -> None:
    """Quantity × price is rounded once per line, half going the way the policy says."""
    priced = engine.price_cart(cart=cart, context=context)
    for line in priced.lines:
        exact = Fraction(line.line.quantity) * line.line.unit_price_minor
        assert line.amount_minor == nearest(exact, context.rounding.mode)


def taxes_match_the_reference(cart: Cart, context: PricingContext) -> None:
    """Tax is rounded where the policy says; every finer tax is its exact value rounded down or up."""
    priced = engine.price_cart(cart=cart, context=context)
    scope, mode = context.rounding.scope, context.rounding.mode
    for line in priced.lines:
        exact = exact_tax(line)
        assert floor(exact) <= line.tax_minor <= -floor(-exact)
        if scope is RoundingScope.PER_LINE:
            assert line.tax_minor == nearest(exact, mode)
    for total in priced.taxes:
        exact = sum_of(priced, total.tax_class)
        if scope is RoundingScope.PER_RATE:
            assert total.tax_minor == nearest(exact, mode)
        elif scope is RoundingScope.PER_ORDER:
            assert floor(exact) <= total.tax_minor <= -floor(-exact)
    if scope is RoundingScope.PER_ORDER:
        for inclusive in (True, False):
            side = [line for line in priced.lines if line.line.tax_class.inclusive is inclusive]
            whole = sum((exact_tax(line) for line in side), Fraction(0))
            assert sum(line.tax_minor for line in side) == nearest(whole, mode)


def order_of_lines_changes_nothing(cart: Cart, context: PricingContext, seed: Random) -> None:
    """Shuffled lines cost the same, line by line, and have the same digest."""
    shuffled = list(cart.lines)
    seed.shuffle(shuffled)
    one = engine.price_cart(cart=cart, context=context)
    other = engine.price_cart(cart=Cart(lines=tuple(shuffled)), context=context)
    assert Counter(one.lines) == Counter(other.lines)
    assert (one.taxes, one.total_minor, one.digest) == (other.taxes, other.total_minor, other.digest)


def more_never_costs_less(cart: Cart, context: PricingContext, thousandths: int) -> None:
    """A bigger quantity of the first line never lowers the total."""
    first = cart.lines[0]
    more = replace(first, quantity=Fraction(first.quantity) + Fraction(Decimal(thousandths) / 1000))
    bigger = engine.price_cart(cart=Cart(lines=(more, *cart.lines[1:])), context=context)
    assert bigger.total_minor >= engine.price_cart(cart=cart, context=context).total_minor


def exact_tax(line: PricedLine) -> Fraction:
    """The tax of a priced line as a fraction, from its stated amount; written the long way round."""
    rate = line.line.tax_class.rate
    if line.line.tax_class.inclusive:
        return line.amount_minor - Fraction(line.amount_minor) / (1 + rate)
    return line.amount_minor * (1 + rate) - line.amount_minor


def sum_of(priced: PricedCart, tax_class: TaxClass) -> Fraction:
    """The exact tax of all lines of a class."""
    return sum((exact_tax(line) for line in priced.lines if line.line.tax_class == tax_class), Fraction(0))


def floor(value: Fraction) -> int:
    """The whole number at or below `value`."""
    return value.numerator // value.denominator


def nearest(value: Fraction, mode: RoundingMode) -> int:
    """The nearest whole number to `value` ≥ 0, found by its distance to both neighbours."""
    below = floor(value)
    to_below, to_above = value - below, below + 1 - value
    if to_below != to_above:
        return below if to_below < to_above else below + 1
    if mode is RoundingMode.HALF_UP:
        return below + 1
    return below if below % 2 == 0 else below + 1
