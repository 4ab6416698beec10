"""What holds for every cart.

`test_pricing_reference.py` compares with a slow reference that shares no code with the engine, and
`test_pricing_mutants.py` breaks the engine in many ways and shows that each property notices.
"""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.orders import sales
from tests.properties.pricing_rules import PROPERTIES, Property
from tests.properties.profiles import examples
from tests.properties.till import Sale


@pytest.mark.parametrize("holds", PROPERTIES)
@examples(50)
@given(sale=sales(), seed=st.integers(0, 10_000))
def test_property(holds: Property, sale: Sale, seed: int) -> None:
    holds(sale, Random(seed))
