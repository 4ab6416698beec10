"""Webhook endpoints at Stripe: which of them are ours, made with exactly the kinds of events that are understood.

An endpoint's API version is that of the library and cannot be changed, and its secret is told once, when it is
made: another version or a new secret is another endpoint.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import stripe
from stripe import StripeClient

from payments.gateways.stripe import intents
from payments.gateways.stripe.answers import instant
from payments.gateways.stripe.client import plain
from payments.gateways.stripe.errors import reading, writing
from payments.gateways.stripe.webhooks import SUBSCRIBED

API_VERSION: Final = str(stripe.api_version)
MARK: Final = "fynlo_endpoint"
"""Of the metadata by which an endpoint of ours is known again; its value says whose it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint as the vendor has it. `mark` is whose it is, "" for one that somebody else made."""

    id: str
    url: str = field(repr=False)
    kinds: frozenset[str]
    version: str
    is_on: bool
    mark: str
    made_at: dt.datetime

    def is_as_wanted(self, url: str) -> bool:
        """Whether it tells all we understand, and nothing else, to this address."""
        return self.is_on and self.url == url and self.kinds == frozenset(SUBSCRIBED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new endpoint and its secret, which is never told again."""

    endpoint: Endpoint
    secret: str = field(repr=False)


def endpoints_of(client: StripeClient) -> list[Endpoint]:
    """Every endpoint of the account, the newest first. Raises `NotConnected`, `TryAgain`."""
    with reading():
        found = client.v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter()
        return [endpoint_of(plain(each)) for each in found]


def make_endpoint(client: StripeClient, *, url: str, mark: str, for_accounts: bool, key: str) -> Made:
    """A new one, for the account itself or for all that are connected to it.

    Raises `Refused` for an address the vendor does not take, `NotConnected`, `TryAgain`, `OutcomeUnknown`.
    """
    params: Any = {
        "url": url,
        "enabled_events": list(SUBSCRIBED),
        "api_version": API_VERSION,
        "connect": for_accounts,
        "description": "Fynlo",
        "metadata": {MARK: mark},
    }
    with writing():
        made = plain(client.v1.webhook_endpoints.create(params, intents.options(key)))
        return Made(endpoint=endpoint_of(made), secret=str(made["secret"]))


def correct_endpoint(client: StripeClient, *, endpoint: str, url: str) -> Endpoint:
    """Its address, its kinds of events, and switched on. Raises `Refused`, `NotConnected`, `OutcomeUnknown`."""
    params: Any = {"url": url, "enabled_events": list(SUBSCRIBED), "disabled": False}
    with writing():
        return endpoint_of(plain(client.v1.webhook_endpoints.update(endpoint, params)))


def remove_endpoint(client: StripeClient, *, endpoint: str) -> None:
    """It tells nothing any more. Raises `Refused`, `NotConnected`, `OutcomeUnknown`."""
    with writing():
        client.v1.webhook_endpoints.delete(endpoint)


def endpoint_of(said: Mapping[str, Any]) -> Endpoint:
    """The vendor's endpoint in our words. Pure."""
    made_at = instant(said["created"])
    if made_at is None:
        raise ValueError("an endpoint without a time")
    return Endpoint(
        id=str(said["id"]),
        url=str(said["url"]),
        kinds=frozenset(str(kind) for kind in said["enabled_events"]),
        version=str(said.get("api_version") or ""),
        is_on=said.get("status") == "enabled",
        mark=str((said.get("metadata") or {}).get(MARK) or ""),
        made_at=made_at,
    )
