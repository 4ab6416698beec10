"""What a cart costs: a pure function from cart and context to a priced cart, in exact integers.

The steps, in order: check the limits → extend each line (quantity × unit price, rounded once) → tax each
line (rounded where the policy says) → sum up. Worked numbers: `docs/algorithms/pricing.md`.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from fynlo.core.money import exponent
from pos.pricing.engine1.digest import canonical_digest, plain_decimal
from pos.pricing.engine1.limits import check_cart, check_total
from pos.pricing.engine1.rounding import round_minor
from pos.pricing.engine1.taxes import class_key, line_taxes
from pos.pricing.engine1.types import (
    Cart,
    CartLine,
    PricedCart,
    PricedLine,
    PricingContext,
    RoundingMode,
    RoundingPolicy,
    TaxTotal,
)

ENGINE_VERSION = "1"
"""Raised when the same cart and context may give other amounts; stored with every order."""


def price_cart(*, cart: Cart, context: PricingContext) -> PricedCart:
    """Price `cart`. Raises the errors of `pos.pricing.errors`, or `UnknownCurrency`."""
    exponent(context.currency)
    check_cart(cart)
    lines = _tax_lines(cart=cart, policy=context.rounding)
    taxes = _tax_totals(lines)
    subtotal = sum(line.net_minor for line in lines)
    tax = sum(line.tax_minor for line in lines)
    check_total(subtotal + tax)
    return PricedCart(
        currency=context.currency,
        policy=context.rounding,
        engine_version=ENGINE_VERSION,
        lines=lines,
        taxes=taxes,
        subtotal_minor=subtotal,
        tax_minor=tax,
        total_minor=subtotal + tax,
        digest=canonical_digest(
            engine_version=ENGINE_VERSION,
            currency=context.currency,
            policy=context.rounding,
            lines=lines,
            taxes=taxes,
            totals=(subtotal, tax, subtotal + tax),
        ),
    )


def extended_amount(*, line: CartLine, mode: RoundingMode) -> int:
    """Quantity × unit price in whole minor units: 0.335 kg at 12.99 is 4.35, rounded here and only here."""
    return round_minor(exact=Fraction(line.quantity) * line.unit_price_minor, mode=mode)


def _tax_lines(*, cart: Cart, policy: RoundingPolicy) -> tuple[PricedLine, ...]:
    """Every line with its tax. Shared-out cents follow what a line is, never its place in the cart."""
    order = sorted(range(len(cart.lines)), key=lambda index: _contents(cart.lines[index]))
    amounts = [extended_amount(line=line, mode=policy.mode) for line in cart.lines]
    taxes = line_taxes(
        amounts=[(amounts[index], cart.lines[index].tax_class) for index in order], policy=policy
    )
    tax_of = dict(zip(order, taxes, strict=True))
    return tuple(
        _priced_line(line=line, amount_minor=amounts[index], tax_minor=tax_of[index])
        for index, line in enumerate(cart.lines)
    )


def _priced_line(*, line: CartLine, amount_minor: int, tax_minor: int) -> PricedLine:
    net = amount_minor - tax_minor if line.tax_class.inclusive else amount_minor
    return PricedLine(line=line, net_minor=net, tax_minor=tax_minor, gross_minor=net + tax_minor)


def _contents(line: CartLine) -> tuple[Any, ...]:
    """A total order of lines by what they are; two lines that compare equal are interchangeable."""
    quantity = plain_decimal(line.quantity)
    return line.variant_id, line.unit_price_minor, quantity, class_key(line.tax_class), line.name


def _tax_totals(lines: Sequence[PricedLine]) -> tuple[TaxTotal, ...]:
    """The sums per tax class, ordered by class code and rate."""
    ordered = sorted(lines, key=_class_of)
    return tuple(_tax_total(list(group)) for _, group in groupby(ordered, key=_class_of))


def _class_of(line: PricedLine) -> tuple[str, Fraction, bool]:
    return class_key(line.line.tax_class)


def _tax_total(lines: Sequence[PricedLine]) -> TaxTotal:
    return TaxTotal(
        tax_class=lines[0].line.tax_class,
        net_minor=sum(line.net_minor for line in lines),
        tax_minor=sum(line.tax_minor for line in lines),
        gross_minor=sum(line.gross_minor for line in lines),
    )
