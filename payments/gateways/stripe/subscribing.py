"""Keeping the endpoint by which Stripe calls us: one for the platform, or one for a merchant with their own key.

Done again it changes nothing. A new one is made beside the old one, its secret sealed before anything else happens,
and both are believed until the vendor has given up repeating what it told the old one. One whose secret did not get
as far as us is of no use to anybody and removed.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

import structlog
from stripe import StripeClient

from fynlo.core.actors import Actor
from fynlo.core.errors import RuleViolation
from fynlo.core.ids import new_id
from fynlo.core.locks import lock_rows
from fynlo.core.sealing import seal, unseal
from fynlo.events.log import unit_of_work
from payments.gateways.base import Refused
from payments.gateways.models import Connection
from payments.gateways.services import connection_facts
from payments.gateways.stripe.client import WEBHOOK_SECRET, client_of, platform_client
from payments.gateways.stripe.endpoints import (
    API_VERSION,
    Endpoint,
    correct_endpoint,
    endpoints_of,
    make_endpoint,
    remove_endpoint,
)
from payments.gateways.stripe.services import CODE, answered
from tenants.vendor_secrets import forget_vendor_secret, keep_vendor_secret, vendor_secrets

log = structlog.get_logger("fynlo.payments")

REPEATED_FOR: Final = dt.timedelta(days=3)
"""So long the vendor repeats a call that was not answered; deleting the endpoint ends it."""
_MISSING: Final = "resource_missing"


class NoKeyOfTheirOwn(RuleViolation):
    """The platform acts for this account, so it is the platform's endpoint that hears of it."""

    code: ClassVar[str] = "payment_account_without_key"
    title: ClassVar[str] = "This payment account is heard of at the platform's endpoint"


class Place(Protocol):
    """Whose endpoint it is: who asks the vendor, and where its secrets are."""

    mark: str
    for_accounts: bool
    kept_in: str

    def client(self) -> AbstractContextManager[StripeClient]:
        """A client for the account that has the endpoint. Raises `NotConnected`."""

    def secrets(self) -> Mapping[str, str]:
        """The secrets that are kept, by the names of their endpoints."""

    def keep(self, *, endpoint: str, secret: str, at: dt.datetime) -> None:
        """From now on calls signed with it are genuine."""

    def forget(self, *, endpoint: str) -> None:
        """Calls signed with its secret are genuine no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The endpoint as it is now; `did` is `made`, `corrected` or `unchanged`.

    `removed` were endpoints of ours, `still_heard` are old ones that are believed for a while, and `others` are
    not ours but lead to the same address.
    """

    endpoint: Endpoint
    did: str
    kept_in: str
    removed: tuple[str, ...]
    still_heard: tuple[str, ...]
    others: tuple[str, ...]


def keep_endpoint(
    *, place: Place, url: str, actor: Actor, at: dt.datetime, roll: bool = False, retire: bool = False
) -> Kept:
    """Have the vendor call `url` with all we understand. Outside of transactions.

    `roll` makes a new one, with a new secret; `retire` removes old ones at once. Raises `Forbidden`,
    `ConnectionLost`, `ProviderRefused`, `Unavailable`.
    """
    actor.require("payments.connect")
    with answered(), place.client() as client:
        there = endpoints_of(client)
        ours, held = [each for each in there if each.mark == place.mark], place.secrets()
        good = [each for each in ours if each.id in held and each.version == API_VERSION]
        current, did = (
            _corrected(client, good[0], url) if good and not roll else (_made(client, place, url, at), "made")
        )
        is_over = retire or current.made_at + REPEATED_FOR <= at
        old = [each for each in ours if each.id != current.id]
        useless = [each.id for each in old if is_over or each.id not in held]
        for key in useless:
            _remove(client, key)
        for key in set(held) - {current.id, *(each.id for each in old)} | set(useless) & set(held):
            place.forget(endpoint=key)
    log.info("webhook_endpoint", endpoint=current.id, did=did, removed=len(useless), by=actor.name)
    return Kept(
        endpoint=current,
        did=did,
        kept_in=place.kept_in,
        removed=tuple(useless),
        still_heard=tuple(each.id for each in old if each.id not in useless),
        others=tuple(each.id for each in there if each.mark != place.mark and each.url == url),
    )


def _corrected(client: StripeClient, known: Endpoint, url: str) -> tuple[Endpoint, str]:
    if known.is_as_wanted(url):
        return known, "unchanged"
    return correct_endpoint(client, endpoint=known.id, url=url), "corrected"


def _made(client: StripeClient, place: Place, url: str, at: dt.datetime) -> Endpoint:
    key = f"{place.mark}:endpoint:{new_id()}"
    made = make_endpoint(client, url=url, mark=place.mark, for_accounts=place.for_accounts, key=key)
    place.keep(endpoint=made.endpoint.id, secret=made.secret, at=at)
    return made.endpoint


def _remove(client: StripeClient, endpoint: str) -> None:
    try:
        remove_endpoint(client, endpoint=endpoint)
    except Refused as refusal:
        if refusal.code != _MISSING:
            raise


class PlatformPlace:
    """The one endpoint that hears of every connected account; its secrets are in a table of the platform."""

    mark = "platform"
    for_accounts = True
    kept_in = "the platform's table of sealed secrets (tenants_vendorsecret)"

    def client(self) -> AbstractContextManager[StripeClient]:
        """The platform's own."""
        return platform_client()

    def secrets(self) -> Mapping[str, str]:
        """Those in the table; what stands in the environment has no endpoint's name."""
        return vendor_secrets(gateway=CODE)

    def keep(self, *, endpoint: str, secret: str, at: dt.datetime) -> None:
        """Sealed."""
        keep_vendor_secret(gateway=CODE, endpoint=endpoint, secret=secret, at=at)

    def forget(self, *, endpoint: str) -> None:
        """Deleted."""
        forget_vendor_secret(gateway=CODE, endpoint=endpoint)


class MerchantPlace:
    """The endpoint of a merchant's account with a key of its own; its secrets are sealed with the account's."""

    for_accounts = False

    def __init__(self, *, connection: Connection) -> None:
        self._facts = connection_facts(connection=connection)
        if not self._facts.secrets.get("secret_key"):
            raise NoKeyOfTheirOwn
        self.mark = f"{self._facts.tenant}:{connection.pk}"
        self.kept_in = f"the sealed secrets of the payment account {connection.name!r}"

    def client(self) -> AbstractContextManager[StripeClient]:
        """With the key of their own."""
        return client_of(self._facts)

    def secrets(self) -> Mapping[str, str]:
        """Those of endpoints that we made; what people typed has no endpoint's name."""
        kept = connection_facts(connection=Connection.objects.get(pk=self._facts.id)).secrets
        start = _name("")
        return {name.removeprefix(start): secret for name, secret in kept.items() if name.startswith(start)}

    def keep(self, *, endpoint: str, secret: str, at: dt.datetime) -> None:
        """Sealed, beside the others."""
        del at
        with self._opened() as secrets:
            secrets[_name(endpoint)] = secret

    def forget(self, *, endpoint: str) -> None:
        """Taken out, and the rest sealed again."""
        with self._opened() as secrets:
            secrets.pop(_name(endpoint), None)

    @contextmanager
    def _opened(self) -> Iterator[dict[str, str]]:
        """The account's secrets under its lock; what is changed of them is sealed."""
        with unit_of_work():
            (row,) = lock_rows(Connection.objects.all(), [self._facts.id])
            secrets: dict[str, str] = json.loads(unseal(row.sealed_secrets))
            yield secrets
            row.sealed_secrets = seal(json.dumps(secrets).encode())
            row.save(update_fields=["sealed_secrets"])


def _name(endpoint: str) -> str:
    return f"{WEBHOOK_SECRET}:{endpoint}"
