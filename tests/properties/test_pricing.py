"""What holds for every cart, against a slow reference that shares no code with the engine.

`test_pricing_mutants.py` breaks the engine in seven ways and shows that these properties notice each.
"""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pos.pricing.engine1.types import Cart, PricingContext
from tests.properties.carts import carts, contexts, unhurried
from tests.properties.pricing_rules import (
    amounts_are_the_nearest_whole,
    more_never_costs_less,
    order_of_lines_changes_nothing,
    parts_add_up,
    taxes_match_the_reference,
)


@unhurried
@given(cart=carts(), context=contexts())
def test_parts_add_up_to_the_whole(cart: Cart, context: PricingContext) -> None:
    parts_add_up(cart, context)


@unhurried
@given(cart=carts(), context=contexts())
def test_every_amount_is_the_nearest_whole_one(cart: Cart, context: PricingContext) -> None:
    amounts_are_the_nearest_whole(cart, context)


@unhurried
@given(cart=carts(), context=contexts())
def test_taxes_match_exact_fractions(cart: Cart, context: PricingContext) -> None:
    taxes_match_the_reference(cart, context)


@unhurried
@given(cart=carts(), context=contexts(), seed=st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(cart: Cart, context: PricingContext, seed: Random) -> None:
    order_of_lines_changes_nothing(cart, context, seed)


@unhurried
@given(cart=carts(), context=contexts(), more=st.integers(1, 5000))
def test_more_never_costs_less(cart: Cart, context: PricingContext, more: int) -> None:
    more_never_costs_less(cart, context, more)
