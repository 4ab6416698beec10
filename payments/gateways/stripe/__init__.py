"""Stripe: cards at readers driven by the server, pages and wallets, links, refunds, disputes, payouts, Connect.

The only place of the house that knows the vendor's library. How it works: docs/concepts/stripe.md.
"""

from payments.gateways.stripe.gateway import StripeGateway

__all__ = ["StripeGateway"]
