"""The fake vendor, the real client and a shop with a reader, for every test of this directory."""

import pytest

from tests.contracts.stripe.fixtures import client, stripe_server
from tests.contracts.stripe.selling import Shop, open_shop
from tests.contracts.stripe.server import StripeServer

__all__ = ["client", "stripe_server"]


@pytest.fixture
def shop(stripe_server: StripeServer) -> Shop:
    """A connected German shop with one simulated reader."""
    return open_shop(stripe_server)
