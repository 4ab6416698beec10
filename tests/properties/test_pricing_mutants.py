"""Seven classic mistakes, each built into the engine in turn: a property must notice every one of them."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fynlo.core.money import round_half_even
from pos.pricing.engine1 import engine, rounding, taxes
from pos.pricing.engine1.types import (
    Cart,
    CartLine,
    PricedLine,
    PricingContext,
    RoundingMode,
    RoundingPolicy,
    TaxClass,
)
from tests.properties.carts import carts, contexts
from tests.properties.pricing_rules import (
    amounts_are_the_nearest_whole,
    more_never_costs_less,
    order_of_lines_changes_nothing,
    parts_add_up,
    taxes_match_the_reference,
)

LINES_TAXED = engine._tax_lines


def float_arithmetic(*, line: CartLine, mode: RoundingMode) -> int:
    return int(float(line.quantity) * line.unit_price_minor + 0.5)


def rounded_per_unit(*, cart: Cart, policy: RoundingPolicy) -> tuple[PricedLine, ...]:
    """The tax of one piece, rounded, times the pieces."""
    single = Cart(lines=tuple(replace(line, quantity=Decimal(1)) for line in cart.lines))
    pieces = LINES_TAXED(cart=single, policy=policy)
    return tuple(
        engine._priced_line(
            line=right.line,
            amount_minor=right.amount_minor,
            tax_minor=int(piece.tax_minor * Fraction(right.line.quantity)),
        )
        for piece, right in zip(pieces, LINES_TAXED(cart=cart, policy=policy), strict=True)
    )


def tax_on_the_gross_price(*, amount_minor: int, tax_class: TaxClass) -> Fraction:
    return amount_minor * tax_class.rate


def tax_on_the_list_price(*, amount_minor: int, tax_class: TaxClass) -> Fraction:
    return amount_minor * tax_class.rate / (1 + tax_class.rate)


def remainder_dropped(*, whole: int, exact: Sequence[Fraction]) -> list[int]:
    return [int(part) for part in exact]


def no_canonical_order(line: CartLine) -> tuple[Any, ...]:
    return ()


MUTANTS = [
    pytest.param(engine, "extended_amount", float_arithmetic, id="float arithmetic"),
    pytest.param(engine, "_tax_lines", rounded_per_unit, id="tax rounded per unit instead of per line"),
    pytest.param(rounding, "round_half_up", round_half_even, id="half even for half up"),
    pytest.param(taxes, "exact_tax", tax_on_the_gross_price, id="contained tax taken from the gross price"),
    pytest.param(taxes, "exact_tax", tax_on_the_list_price, id="added tax computed as if contained"),
    pytest.param(taxes, "share_out", remainder_dropped, id="remainder dropped"),
    pytest.param(engine, "_contents", no_canonical_order, id="left-over cents follow the order of typing"),
]


@settings(
    max_examples=400,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
    report_multiple_bugs=False,
)
@given(cart=carts(), context=contexts(), seed=st.integers(0, 1000), more=st.integers(1, 5000))
def every_property_holds(cart: Cart, context: PricingContext, seed: int, more: int) -> None:
    parts_add_up(cart, context)
    amounts_are_the_nearest_whole(cart, context)
    taxes_match_the_reference(cart, context)
    order_of_lines_changes_nothing(cart, context, Random(seed))
    more_never_costs_less(cart, context, more)


def test_the_engine_itself_passes_the_same_hunt() -> None:
    every_property_holds()


@pytest.mark.parametrize(("module", "name", "mutant"), MUTANTS)
def test_a_seeded_mistake_is_noticed(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, mutant: Any
) -> None:
    monkeypatch.setattr(module, name, mutant)
    with pytest.raises(AssertionError):
        every_property_holds()
