"""The engine and the slow reference, which shares no code with it, say the same of every cart."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.properties.agreement import cash_agrees, prices_agree, refunds_agree, splits_agree
from tests.properties.focused import charged_sales, counted_sales, taxed_sales, timed_sales
from tests.properties.orders import sales
from tests.properties.pricing_rules import Property
from tests.properties.profiles import examples
from tests.properties.till import Sale


@examples(400)
@given(sale=sales())
def test_every_cart_is_priced_alike(sale: Sale) -> None:
    prices_agree(sale, Random(0))


@pytest.mark.parametrize(
    "focus",
    [timed_sales(), taxed_sales(), charged_sales(), counted_sales()],
    ids=["when", "tax", "charges", "pieces"],
)
@examples(150)
@given(data=st.data())
def test_every_cart_about_one_thing_is_priced_alike(focus: SearchStrategy[Sale], data: st.DataObject) -> None:
    prices_agree(data.draw(focus), Random(0))


@pytest.mark.parametrize("agree", [refunds_agree, splits_agree, cash_agrees])
@examples(60)
@given(sale=sales(), seed=st.integers(0, 10_000))
def test_what_follows_a_sale_is_reckoned_alike(agree: Property, sale: Sale, seed: int) -> None:
    agree(sale, Random(seed))
