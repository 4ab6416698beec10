"""The fake vendor and the real client, for every test of this directory."""

from tests.contracts.stripe.fixtures import client, stripe_server

__all__ = ["client", "stripe_server"]
