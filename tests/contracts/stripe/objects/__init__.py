"""One file per family of objects; importing this package registers every handler."""

from tests.contracts.stripe.objects import (
    accounts,
    balance,
    charges,
    customers,
    disputes,
    domains,
    endpoints,
    events,
    files,
    increments,
    intents,
    links,
    payouts,
    readers,
    refunds,
    sessions,
)

__all__ = [
    "accounts",
    "balance",
    "charges",
    "customers",
    "disputes",
    "domains",
    "endpoints",
    "events",
    "files",
    "increments",
    "intents",
    "links",
    "payouts",
    "readers",
    "refunds",
    "sessions",
]
