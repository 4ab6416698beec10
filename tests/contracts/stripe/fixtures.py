"""The fake vendor for a test, strict to the end: what the library would not understand fails the teardown.

A conftest elsewhere says `from tests.contracts.stripe.fixtures import stripe_server`.
"""

from collections.abc import Iterator

import pytest
from stripe import StripeClient

from tests.contracts.stripe.server import StripeServer

KEY = "sk_test_fynlo"


@pytest.fixture
def stripe_server() -> Iterator[StripeServer]:
    """A server of its own per test."""
    server = StripeServer()
    try:
        yield server
    finally:
        server.stop()
    assert server.problems == [], "\n".join(server.problems)
    assert server.faults.left() == [], f"nobody met {server.faults.left()}"


@pytest.fixture
def client(stripe_server: StripeServer) -> StripeClient:
    """The real client on the platform's own account; it repeats nothing by itself."""
    return StripeClient(KEY, base_addresses=stripe_server.addresses, max_network_retries=0)
