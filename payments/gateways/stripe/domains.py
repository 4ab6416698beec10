"""Apple Pay and Google Pay on a merchant's own host: the vendor has to know it, and looks whether it is theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from payments.gateways.base import ConnectionFacts
from payments.gateways.stripe import intents
from payments.gateways.stripe.client import client_of, plain
from payments.gateways.stripe.errors import reading, writing

WALLETS: Final = ("apple_pay", "google_pay", "link")


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletDomain:
    """A host at the vendor: which wallets work there, and why the others do not."""

    vendor_id: str
    host: str
    active: tuple[str, ...]
    problems: Mapping[str, str]


def register_domain(*, connection: ConnectionFacts, host: str, key: str) -> WalletDomain:
    """Make the host known and have it looked at. Saying it again only has it looked at again.

    Raises `Refused` for a host the vendor cannot reach, `NotConnected`, `TryAgain`, `OutcomeUnknown`.
    """
    with client_of(connection) as client:
        with reading():
            found = client.v1.payment_method_domains.list({"domain_name": host, "limit": 1}).data
        with writing():
            known = (
                found[0].id
                if found
                else client.v1.payment_method_domains.create({"domain_name": host}, intents.options(key)).id
            )
            return domain_of(plain(client.v1.payment_method_domains.validate(known)))


def domain_of(domain: Mapping[str, Any]) -> WalletDomain:
    """The vendor's domain in our words. Pure."""
    states = {name: domain.get(name) or {} for name in WALLETS}
    return WalletDomain(
        vendor_id=str(domain["id"]),
        host=str(domain["domain_name"]),
        active=tuple(name for name, state in states.items() if state.get("status") == "active"),
        problems={
            name: str((state.get("status_details") or {}).get("error_message") or "It is not active yet.")
            for name, state in states.items()
            if state.get("status") != "active"
        },
    )
