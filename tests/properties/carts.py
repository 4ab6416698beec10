"""Random carts with awkward numbers: halves, weights, equal lines, both kinds of tax, every policy."""

from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st

from pos.pricing.engine1.types import (
    Cart,
    CartLine,
    PricingContext,
    RoundingMode,
    RoundingPolicy,
    RoundingScope,
    TaxClass,
)

TAX_CLASSES = [
    TaxClass(code=code, rate=Fraction(rate), inclusive=inclusive)
    for code, rate, inclusive in [
        ("standard", "0.20", True),
        ("reduced", "0.07", True),
        ("zero", "0", True),
        ("sales", "0.08875", False),
        ("vat", "0.05", False),
    ]
]
unhurried = settings(deadline=None)
"""A property holds or not; how long an example takes on a busy machine proves nothing."""

PRICES = st.one_of(st.integers(0, 3000), st.sampled_from([5, 10, 50, 89, 105, 1299, 10**9]))
QUANTITIES = st.one_of(
    st.integers(1, 12).map(Decimal),
    st.integers(1, 5000).map(lambda grams: Decimal(grams) / 1000),
    st.sampled_from(["0.5", "0.1", "0.335", "1.005", "2.675", "0.000001"]).map(Decimal),
)


@st.composite
def cart_lines(draw: st.DrawFn) -> CartLine:
    """One line; few variants, so that a cart often holds equal and nearly equal lines."""
    number = draw(st.integers(1, 4))
    return CartLine(
        variant_id=UUID(int=number),
        name=f"Variant {number}",
        quantity=draw(QUANTITIES),
        unit_price_minor=draw(PRICES),
        tax_class=draw(st.sampled_from(TAX_CLASSES)),
    )


@st.composite
def carts(draw: st.DrawFn) -> Cart:
    """Up to eight lines; sometimes one line copied to other variants, which makes ties between remainders."""
    lines = draw(st.lists(cart_lines(), min_size=1, max_size=8))
    copies = [
        CartLine(
            variant_id=UUID(int=9 + copy),
            name="Copy",
            quantity=lines[0].quantity,
            unit_price_minor=lines[0].unit_price_minor,
            tax_class=lines[0].tax_class,
        )
        for copy in range(draw(st.integers(0, 3)))
    ]
    return Cart(lines=(*lines, *copies))


@st.composite
def contexts(draw: st.DrawFn) -> PricingContext:
    """Every scope with every mode."""
    scope, mode = draw(st.sampled_from(RoundingScope)), draw(st.sampled_from(RoundingMode))
    return PricingContext(currency="EUR", rounding=RoundingPolicy(scope=scope, mode=mode))
