"""One client per call: its key, whose account, how long it waits, how often it repeats. Never a module global.

With `max_network_retries` the library repeats lost connections, 409 and 5xx under the same key; without, nothing.
Eight seconds a try is what a cashier waits. Another address than the vendor's can be given only outside production.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from stripe import RequestsClient, StripeClient

from payments.gateways.base import ConnectionFacts, NotConnected
from tenants.queries import merchant_of_account

RETRIES: Final = 2
TIMEOUT_SECONDS: Final = 8.0
WEBHOOK_SECRET: Final = "webhook_secret"  # noqa: S105  the name of it

# The library's own log shows bodies, and in them client secrets.
logging.getLogger("stripe").setLevel(logging.WARNING)


@contextmanager
def client_of(connection: ConnectionFacts) -> Iterator[StripeClient]:
    """A client for the merchant's account; its sockets are closed afterwards. Raises `NotConnected`.

    With a key of their own they act for themselves. Without one the platform acts for `account` (Connect), if it
    made that account for this merchant: its key opens every merchant's, so a name somebody typed is not enough.
    """
    own = connection.secrets.get("secret_key", "")
    if own:
        key, account = own, None
    elif connection.account:
        _must_be_theirs(connection)
        key, account = settings.FYNLO_STRIPE_SECRET_KEY, connection.account
    else:
        key, account = "", None
    if not key:
        raise NotConnected("There is no key for Stripe.", code="no_key")
    with _made(key, account=account, addresses=connection.settings) as client:
        yield client


@contextmanager
def platform_client(addresses: Any = None) -> Iterator[StripeClient]:
    """A client for the platform itself: it makes accounts. Raises `NotConnected` without a platform's key."""
    if not settings.FYNLO_STRIPE_SECRET_KEY:
        raise NotConnected("This platform has no key for Stripe.", code="no_platform_key")
    with _made(settings.FYNLO_STRIPE_SECRET_KEY, account=None, addresses=addresses or {}) as client:
        yield client


@contextmanager
def platform_client_for(connection: ConnectionFacts) -> Iterator[StripeClient]:
    """The platform's client, to ask about a merchant's account. Raises `NotConnected` when it is not theirs."""
    _must_be_theirs(connection)
    with platform_client(connection.settings) as client:
        yield client


@contextmanager
def _made(key: str, *, account: str | None, addresses: Any) -> Iterator[StripeClient]:
    elsewhere = (
        "" if settings.PRODUCTION else str(addresses.get("api_base") or settings.FYNLO_STRIPE_API_BASE)
    )
    timeout = (
        TIMEOUT_SECONDS if settings.PRODUCTION else float(addresses.get("timeout_seconds", TIMEOUT_SECONDS))
    )
    http = RequestsClient(timeout=timeout)
    try:
        yield StripeClient(
            key,
            stripe_account=account,
            max_network_retries=RETRIES,
            http_client=http,
            base_addresses={"api": elsewhere, "files": elsewhere} if elsewhere else {},
        )
    finally:
        http.close()


def _must_be_theirs(connection: ConnectionFacts) -> None:
    owner = merchant_of_account(gateway="stripe", account=connection.account)
    if owner is None or owner.slug != connection.tenant:
        raise NotConnected("This account is not connected to the platform.", code="account_not_theirs")


def publishable_key(connection: ConnectionFacts) -> str:
    """The key a guest's browser may know."""
    if connection.secrets.get("secret_key"):
        return str(connection.settings.get("publishable_key", ""))
    return str(settings.FYNLO_STRIPE_PUBLISHABLE_KEY)


def webhook_secrets(connection: ConnectionFacts) -> tuple[str, ...]:
    """The secrets a bell may be signed with: several while one is being replaced.

    Those that people typed stand in `webhook_secret`, with commas between; those of endpoints that we made stand
    under `webhook_secret:<endpoint>`.
    """
    kept = [text for name, text in connection.secrets.items() if name.partition(":")[0] == WEBHOOK_SECRET]
    return tuple(part.strip() for text in kept for part in text.split(",") if part.strip())


def plain(answer: Any) -> dict[str, Any]:
    """The answer as plain values: the library's objects are no dictionaries."""
    values: dict[str, Any] = answer.to_dict(for_json=True)
    return values
