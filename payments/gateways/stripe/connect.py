"""Merchants' accounts at Stripe under the platform's: made, sent to the vendor's own form, and asked how they are.

Direct charges: the merchant is the seller, bears the vendor's fees and disputes, and sees everything in a dashboard
of their own. Accounts are made by v2 of the vendor's interface.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from payments.gateways.base import Capabilities, ConnectionFacts
from payments.gateways.stripe import intents
from payments.gateways.stripe.amounts import largest, smallest, step
from payments.gateways.stripe.client import client_of, plain, platform_client, platform_client_for
from payments.gateways.stripe.errors import reading, writing

_INCLUDED: Final = ["configuration.merchant", "defaults", "identity", "requirements"]
Addresses = Mapping[str, Any] | None
"""The settings of a connection, whose address of the vendor counts outside production."""
_ACTIVE: Final = "active"
_CHANNELS: Final = frozenset({"present", "remote", "qr"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHealth:
    """What an account may do. `cards` is the vendor's word for the capability; `missing` what it waits for."""

    account: str
    country: str
    currency: str
    cards: str
    missing: tuple[str, ...] = ()

    @property
    def trouble(self) -> str:
        """Why no card can be taken, in a sentence; empty when one can."""
        if self.cards == _ACTIVE:
            return ""
        if self.missing:
            return f"Stripe waits for {len(self.missing)} more things about the business before cards can be taken."
        return "Stripe is checking the business; cards cannot be taken yet."


def create_account(
    *, name: str, email: str, country: str, reference: str, key: str, addresses: Addresses = None
) -> str:
    """An account for a merchant; the same key, the same account. Its id. Raises `NotConnected`, `Refused`."""
    params: Any = {
        "display_name": name,
        "contact_email": email,
        "dashboard": "full",
        "identity": {"country": country.lower()},
        "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
        "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
        "metadata": {"tenant": reference},
        "include": _INCLUDED,
    }
    with platform_client(addresses) as client, writing():
        return str(client.v2.core.accounts.create(params, intents.options(key)).id)


def onboarding_link(*, account: str, return_url: str, refresh_url: str, addresses: Addresses = None) -> str:
    """The address of the vendor's form for this account: used once, minutes long. Never kept."""
    use: Any = {
        "type": "account_onboarding",
        "account_onboarding": {
            "return_url": return_url,
            "refresh_url": refresh_url,
        },
    }
    with platform_client(addresses) as client, writing():
        return str(client.v2.core.account_links.create({"account": account, "use_case": use}).url)


def health(connection: ConnectionFacts) -> AccountHealth:
    """How the account is. Raises `NotConnected`, `TryAgain`."""
    if connection.secrets.get("secret_key"):
        return _own_health(connection)
    with platform_client_for(connection) as client, reading():
        params: Any = {"include": _INCLUDED}
        return health_of(plain(client.v2.core.accounts.retrieve(connection.account, params)))


def _own_health(connection: ConnectionFacts) -> AccountHealth:
    """Merchants with keys of their own are asked for by v1, which needs no platform."""
    with client_of(connection) as client, reading():
        return own_health_of(plain(client.v1.accounts.retrieve_current()))


def health_of(account: Mapping[str, Any]) -> AccountHealth:
    """A v2 account in our words. Pure."""
    merchant = (account.get("configuration") or {}).get("merchant") or {}
    cards = (merchant.get("capabilities") or {}).get("card_payments") or {}
    entries = (account.get("requirements") or {}).get("entries") or []
    return AccountHealth(
        account=str(account["id"]),
        country=str((account.get("identity") or {}).get("country") or "").upper(),
        currency=str((account.get("defaults") or {}).get("currency") or "").upper(),
        cards=str(cards.get("status") or "unrequested"),
        missing=tuple(str(entry.get("description") or "") for entry in entries),
    )


def own_health_of(account: Mapping[str, Any]) -> AccountHealth:
    """A v1 account in our words. Pure."""
    cards = (account.get("capabilities") or {}).get("card_payments")
    needed = (account.get("requirements") or {}).get("currently_due") or []
    may_charge = bool(account.get("charges_enabled"))
    return AccountHealth(
        account=str(account["id"]),
        country=str(account.get("country") or "").upper(),
        currency=str(account.get("default_currency") or "").upper(),
        cards=_ACTIVE if may_charge and cards in (None, _ACTIVE) else str(cards or "inactive"),
        missing=tuple(str(name) for name in needed),
    )


def capabilities_of(found: AccountHealth) -> Capabilities:
    """What can be done with an account that is like this. Pure."""
    currency = found.currency
    return Capabilities(
        channels=frozenset() if found.trouble else _CHANNELS,
        manual_capture=True,
        increment=True,
        partial_refund=True,
        refund_needs_card=found.country == intents.CANADA,
        reader_tips=True,
        settlements=True,
        cancel=True,
        currencies=frozenset({currency}) if currency else frozenset(),
        smallest_minor=smallest(currency) if currency else 1,
        largest_minor=largest(currency) if currency else None,
        step_minor=step(currency) if currency else 1,
        trouble=found.trouble,
        account=found.account,
    )
