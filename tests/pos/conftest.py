"""Two open shops: `here` is the café's (EUR), `there` the grocer's (GBP), which must notice nothing."""

from typing import Any

import pytest

from tests.factories import Shop, TillClient, paired_till, shop


@pytest.fixture
def here(cafe: Any) -> Shop:
    """The café's shop."""
    return shop(cafe)


@pytest.fixture
def there(grocer: Any) -> Shop:
    """The grocer's shop, with the same codes."""
    return shop(grocer)


@pytest.fixture
def till(here: Shop) -> TillClient:
    """A till paired with the café's register K1."""
    return TillClient(here.tenant, paired_till(here.tenant))
