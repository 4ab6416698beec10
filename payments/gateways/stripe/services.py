"""What a merchant sets up at Stripe: an account under the platform's, card readers, and hosts for wallets.

Each is written down, then asked of the vendor outside of any transaction under a key that is the same every time,
then written down: whoever tries again after a crash goes on where it stopped.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final
from uuid import UUID

import structlog
from django.conf import settings

from fynlo.core.actors import Actor
from fynlo.core.errors import RuleViolation, Unavailable
from fynlo.core.ids import new_id
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.gateways.base import ConnectionFacts, GatewayFailure, NotConnected, OutcomeUnknown, Refused
from payments.gateways.errors import ConnectionLost, ConnectionTaken, UnknownConnection
from payments.gateways.models import Connection, Reader
from payments.gateways.services import (
    ConnectionDraft,
    ReaderDraft,
    connection_facts,
    save_connection,
    save_reader,
)
from payments.gateways.stripe import connect, readers
from payments.gateways.stripe.domains import WalletDomain, register_domain
from tenants.services import claim_vendor_account

log = structlog.get_logger("fynlo.payments")

CODE: Final = "stripe"
_LIVE: Final = ("sk_live_", "rk_live_")
_GONE: Final = "gone"


class ProviderRefused(RuleViolation):
    """The payment provider does not accept what was said."""

    code: ClassVar[str] = "payment_provider_refused"
    title: ClassVar[str] = "The payment provider does not accept this"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingDraft:
    """A merchant who wants an account under the platform's. `country` has two letters."""

    id: UUID
    name: str
    email: str
    country: str
    return_url: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarding:
    """Where the merchant goes on. `url` is good for one visit within minutes and kept nowhere."""

    connection: Connection
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderCode:
    """A reader that shows a code, and the place it stands at (asked for with the first one)."""

    id: UUID
    code: str
    name: str
    register_id: UUID | None = None
    address: Mapping[str, str] | None = None


def start_onboarding(*, draft: OnboardingDraft, actor: Actor, at: dt.datetime) -> Onboarding:
    """An account for the merchant, made once, and the address of the vendor's form for it: a new one every time.

    Raises `Forbidden`, `ConnectionLost` without a platform's key, `ConnectionTaken` while another one was begun and
    has no name at the vendor yet, `ProviderRefused`, `Unavailable`.
    """
    actor.require("payments.connect")
    _check_begun(draft)
    known = Connection.objects.filter(pk=draft.id, gateway=CODE).first() or save_connection(
        draft=_account_draft(draft, account=""), actor=actor, at=at
    )
    facts = connection_facts(connection=known)
    account = known.account
    with answered():
        if not account:
            account = connect.create_account(
                name=draft.name,
                email=draft.email,
                country=draft.country,
                reference=facts.tenant,
                key=f"{facts.tenant}:{draft.id}:account:1",
                addresses=facts.settings,
            )
        url = connect.onboarding_link(
            account=account,
            return_url=draft.return_url,
            refresh_url=draft.return_url,
            addresses=facts.settings,
        )
    if account != known.account:
        # The vendor made it for us a moment ago, so it is the merchant's and nobody else's.
        claim_vendor_account(gateway=CODE, account=account, tenant=current_tenant(), at=at)
        known = save_connection(draft=_account_draft(draft, account=account), actor=actor, at=at)
    log.info("stripe_onboarding", connection=str(known.pk), by=actor.name)
    return Onboarding(connection=known, url=url)


def register_reader(*, connection_id: UUID, draft: ReaderCode, actor: Actor, at: dt.datetime) -> Reader:
    """Pair a reader by the code it shows, and say at which register it stands.

    Raises `Forbidden`, `UnknownConnection`, `ProviderRefused` for a wrong code, `ConnectionLost`, `Unavailable`.
    """
    actor.require("payments.connect")
    row = _connection(connection_id)
    facts = connection_facts(connection=row)
    with answered():
        place = str(row.settings.get("location") or "") or _place(row, facts, draft)
        key = f"{facts.tenant}:{draft.id}:reader:1"
        seen = readers.register(connection=facts, code=draft.code, name=draft.name, location=place, key=key)
    reader = ReaderDraft(
        id=draft.id,
        connection_id=row.pk,
        vendor_id=seen.vendor_id,
        name=draft.name,
        model=seen.model,
        register_id=draft.register_id,
    )
    saved = save_reader(draft=reader, actor=actor)
    _note_seen(saved, seen, at)
    return saved


def refresh_readers(*, connection_id: UUID, actor: Actor, at: dt.datetime) -> list[Reader]:
    """The account's readers as the vendor has them now: new ones are added, those that are gone are marked so.

    Raises `Forbidden`, `UnknownConnection`, `ConnectionLost`, `Unavailable`.
    """
    actor.require("payments.connect")
    row = _connection(connection_id)
    with answered():
        found = list(readers.readers_of(connection=connection_facts(connection=row)))
    for seen in found:
        known = Reader.objects.filter(connection=row, vendor_id=seen.vendor_id).first()
        reader = known or save_reader(
            draft=ReaderDraft(
                id=new_id(),
                connection_id=row.pk,
                vendor_id=seen.vendor_id,
                name=seen.name[:80],
                model=seen.model,
            ),
            actor=actor,
        )
        _note_seen(reader, seen, at)
    there = [seen.vendor_id for seen in found]
    Reader.objects.filter(connection=row).exclude(vendor_id__in=there).update(state=_GONE, is_active=False)
    return list(Reader.objects.filter(connection=row).order_by("name", "id"))


def add_wallet_host(*, connection_id: UUID, host: str, actor: Actor) -> WalletDomain:
    """Let Apple Pay and Google Pay work on pages at `host`, and say whether they do.

    Raises `Forbidden`, `UnknownConnection`, `ProviderRefused`, `ConnectionLost`, `Unavailable`.
    """
    actor.require("payments.connect")
    facts = connection_facts(connection=_connection(connection_id))
    with answered():
        return register_domain(
            connection=facts, host=host, key=f"{facts.tenant}:{facts.id}:host:{host}"[:255]
        )


@contextmanager
def answered() -> Iterator[None]:
    """What a gateway raises, as a refusal people are told."""
    try:
        yield
    except NotConnected as failure:
        raise ConnectionLost(failure.text) from failure
    except Refused as failure:
        raise ProviderRefused(failure.text) from failure
    except (GatewayFailure, OutcomeUnknown) as failure:
        raise Unavailable("Stripe does not answer. Try again.", retry_after=5) from failure


def _check_begun(draft: OnboardingDraft) -> None:
    """Nothing is written down that cannot go on."""
    if not settings.FYNLO_STRIPE_SECRET_KEY:
        raise ConnectionLost("This platform has no key for Stripe: connect an account by its own key.")
    nameless = Connection.objects.filter(gateway=CODE, account="", sealed_secrets="")
    begun = nameless.exclude(pk=draft.id).first()
    if begun is not None:
        detail = f"{begun.name} was begun and has no account at Stripe yet: go on with that one."
        raise ConnectionTaken(detail, pointer="/id", connection_id=str(begun.pk))


def _account_draft(draft: OnboardingDraft, *, account: str) -> ConnectionDraft:
    return ConnectionDraft(
        id=draft.id,
        gateway=CODE,
        name=draft.name,
        account=account,
        is_live=settings.FYNLO_STRIPE_SECRET_KEY.startswith(_LIVE),
        settings={"country": draft.country.upper()},
    )


def _place(row: Connection, facts: ConnectionFacts, draft: ReaderCode) -> str:
    """The vendor wants to know where readers stand; made with the first one and remembered."""
    if not draft.address:
        raise Refused("The first reader of an account needs an address.", code="address_missing")
    place = readers.make_location(
        connection=facts, name=row.name, address=draft.address, key=f"{facts.tenant}:{row.pk}:place:1"
    )
    with unit_of_work():
        held = Connection.objects.select_for_update(of=("self",)).get(pk=row.pk)
        held.settings = {**held.settings, "location": place}
        held.save(update_fields=["settings"])
    return place


def _note_seen(reader: Reader, seen: readers.ReaderSeen, at: dt.datetime) -> None:
    """What the vendor says of it now."""
    details: dict[str, Any] = dict(seen.details)
    action = {"doing": seen.doing} if seen.doing else {}
    state = "online" if seen.is_online else "offline"
    Reader.objects.filter(pk=reader.pk).update(
        state=state, action=action, details=details, model=seen.model[:60], seen_at=at
    )
    reader.state, reader.action, reader.details, reader.seen_at = state, action, details, at


def _connection(connection_id: UUID) -> Connection:
    found: Connection | None = Connection.objects.filter(pk=connection_id, gateway=CODE).first()
    if found is None:
        raise UnknownConnection(pointer="/connection_id")
    return found
