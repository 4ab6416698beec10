"""Short ways to write carts in tests: values only, no behaviour."""

from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from pos.pricing.engine1.types import (
    Cart,
    CartLine,
    PricingContext,
    RoundingMode,
    RoundingPolicy,
    RoundingScope,
    TaxClass,
)


def tax(code: str, rate: str, *, inclusive: bool) -> TaxClass:
    """A tax class with a decimal rate: `tax("standard", "0.19", inclusive=True)`."""
    return TaxClass(code=code, rate=Fraction(rate), inclusive=inclusive)


def line(number: int, price: int, tax_class: TaxClass, quantity: str = "1") -> CartLine:
    """A cart line of variant `number` at `price` minor units."""
    return CartLine(
        variant_id=UUID(int=number),
        name=f"Variant {number}",
        quantity=Decimal(quantity),
        unit_price_minor=price,
        tax_class=tax_class,
    )


def cart(*lines: CartLine) -> Cart:
    """A cart of these lines."""
    return Cart(lines=lines)


def context(
    currency: str,
    scope: RoundingScope = RoundingScope.PER_LINE,
    mode: RoundingMode = RoundingMode.HALF_UP,
) -> PricingContext:
    """A context with this currency and rounding."""
    return PricingContext(currency=currency, rounding=RoundingPolicy(scope=scope, mode=mode))
