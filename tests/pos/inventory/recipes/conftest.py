"""The bistro's kitchen."""

import pytest

from tests.factories import Shop
from tests.pos.inventory.recipes.kitchens import Kitchen, kitchen


@pytest.fixture
def bistro(here: Shop) -> Kitchen:
    """Goods, modifiers and a manager at a till of the café."""
    return kitchen(here)
