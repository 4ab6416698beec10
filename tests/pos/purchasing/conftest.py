"""A shop that buys: a supplier who sells rolls by the tray of 12, cheese by the wheel of 5 kg."""

from typing import Any

import pytest

from tests.factories import Shop, TillClient, paired_till
from tests.factories.tills import signed_in
from tests.pos.purchasing.buying import Buyer


@pytest.fixture
def manager(here: Shop) -> TillClient:
    """A manager at the café's till K1."""
    return TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="manager"))


@pytest.fixture
def buyer(here: Shop, manager: TillClient) -> Any:
    """Whoever buys for the café."""
    return Buyer(here, manager)
