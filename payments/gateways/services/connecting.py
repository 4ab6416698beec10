"""Accounts at vendors: set up with sealed secrets, asked what they can do, and missed when they are gone.

Secrets come in, are sealed, and only `connection_facts` opens them, for one call. A draft without a secret keeps
what is there: they are replaced, never read.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import transaction
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint
from fynlo.core.errors import FieldProblem, InvalidInput
from fynlo.core.locks import lock_rows
from fynlo.core.sealing import seal, unseal
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from payments.gateways import states
from payments.gateways.base import Capabilities, ConnectionFacts, GatewayFailure, NotConnected, OutcomeUnknown
from payments.gateways.errors import ConnectionTaken, ConnectionUnchecked, UnknownConnection
from payments.gateways.events import GatewayConnectionLost
from payments.gateways.facts import capabilities_kept, capabilities_of
from payments.gateways.models import Attempt, Connection, GatewayRefund, Reader
from payments.gateways.registry import UnknownGateway, gateway_of
from payments.gateways.services.calling import is_outside

log = structlog.get_logger("fynlo.payments")

_OPEN_REFUNDS: Final = (states.PREPARED, states.PENDING, states.UNKNOWN)
FRESH_FOR: Final = dt.timedelta(hours=1)
"""What an account said it can do is believed for this long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionDraft:
    """An account as it shall be. What is None stays as it is; a new account has no name at its vendor then, no
    settings and no secrets, moves no real money and is used. `settings` and `secrets` replace those that are there.
    """

    id: UUID
    gateway: str
    name: str
    account: str | None = None
    is_live: bool | None = None
    is_active: bool | None = None
    settings: Mapping[str, Any] | None = None
    secrets: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderDraft:
    """A card reader as it shall be."""

    id: UUID
    connection_id: UUID
    vendor_id: str
    name: str
    model: str = ""
    register_id: UUID | None = None
    is_active: bool = True


def save_connection(*, draft: ConnectionDraft, actor: Actor, at: dt.datetime) -> Connection:
    """Set up an account, or change it. Which vendor it is at never changes.

    Raises `Forbidden` without `payments.connect`, `InvalidInput` for an unknown gateway, `ConnectionTaken`.
    """
    actor.require("payments.connect")
    _check(draft)
    with unit_of_work():
        found = lock_rows(Connection.objects.all(), [draft.id])
        row = found[0] if found else Connection(id=draft.id, gateway=draft.gateway, created_at=at)
        if row.gateway != draft.gateway:
            raise InvalidInput("An account stays at its vendor.", pointer="/gateway")
        is_other = draft.account is not None and row.account != draft.account
        if found and is_other and _is_in_use(row):
            detail = "Payments or refunds of this account are still open: it can be another one afterwards."
            raise InvalidInput(detail, pointer="/account")
        if draft.secrets is not None or is_other:
            row.checked_at, row.state, row.told_at = None, "active", None
        row.name = draft.name
        for name in ("account", "is_live", "is_active"):
            if getattr(draft, name) is not None:
                setattr(row, name, getattr(draft, name))
        if draft.settings is not None:
            _check_settings(draft.gateway, draft.settings)
            row.settings = dict(draft.settings)
        if draft.secrets is not None:
            row.sealed_secrets = seal(json.dumps(dict(draft.secrets)).encode()) if draft.secrets else ""
        _insert_or_update(row, is_new=not found)
    log.info("connection_saved", connection=str(row.pk), gateway=row.gateway, by=actor.name)
    return row


def _check_settings(gateway: str, settings: Mapping[str, Any]) -> None:
    """A gateway that reads its settings strictly says what it cannot read, before it is kept."""
    check = getattr(gateway_of(gateway), "check_settings", None)
    if check is not None:
        check(settings=settings)


def _is_in_use(row: Connection) -> bool:
    """Whether money at the vendor is still to be looked for, which would be done in the new account."""
    is_open = Attempt.objects.filter(connection=row, state__in=states.OPEN).exists()
    return is_open or GatewayRefund.objects.filter(attempt__connection=row, state__in=_OPEN_REFUNDS).exists()


def save_reader(*, draft: ReaderDraft, actor: Actor) -> Reader:
    """Add a card reader, or say where it stands. Raises `Forbidden`, `UnknownConnection`, `ConnectionTaken`."""
    actor.require("payments.connect")
    with unit_of_work():
        if not Connection.objects.filter(pk=draft.connection_id).exists():
            raise UnknownConnection(pointer="/connection_id")
        found = lock_rows(Reader.objects.all(), [draft.id])
        row = found[0] if found else Reader(id=draft.id, connection_id=draft.connection_id)
        if row.connection_id != draft.connection_id:
            raise InvalidInput("A reader stays with its account.", pointer="/connection_id")
        row.vendor_id, row.name, row.model = draft.vendor_id, draft.name, draft.model
        row.register_id, row.is_active = draft.register_id, draft.is_active
        _insert_or_update(row, is_new=not found)
    return row


def ensure_connection(*, gateway: str, at: dt.datetime) -> Connection:
    """The account of a gateway that needs none at a vendor (cash, a card machine), made if it is missing."""
    found: Connection | None = Connection.objects.filter(gateway=gateway, account="").order_by("id").first()
    if found is not None:
        return found
    name = gateway.replace("_", " ").capitalize()
    Connection.objects.bulk_create(
        [Connection(gateway=gateway, name=name, created_at=at)], ignore_conflicts=True
    )
    made: Connection = Connection.objects.get(gateway=gateway, account="")
    return made


def connection_facts(*, connection: Connection) -> ConnectionFacts:
    """The account as its gateway is given it, secrets opened. Raises `CannotUnseal`."""
    sealed = connection.sealed_secrets
    return ConnectionFacts(
        id=connection.pk,
        gateway=connection.gateway,
        tenant=current_tenant().slug,
        account=connection.account,
        is_live=connection.is_live,
        settings=connection.settings,
        secrets=json.loads(unseal(sealed)) if sealed else {},
    )


def check_connection(*, connection_id: UUID, at: dt.datetime) -> Capabilities:
    """Ask the account what it can do, and keep the answer. One that is lost can do nothing; its owner is told once.

    Raises `NotFound` of a row that is not there, and what the gateway raises when nobody answered
    (`TryAgain`, `OutcomeUnknown`): then everything stays as it was.
    """
    connection = _connection(connection_id)
    try:
        found = gateway_of(connection.gateway).capabilities(
            connection=connection_facts(connection=connection)
        )
    except NotConnected as failure:
        note_lost(connection_id=connection_id, reason=failure.text, at=at)
        return Capabilities(channels=frozenset(), trouble=failure.text)
    state = "restricted" if found.trouble else "active"
    Connection.objects.filter(pk=connection_id).update(
        capabilities=capabilities_kept(found),
        health={"ok": not found.trouble, "text": found.trouble},
        state=state,
        checked_at=at,
        told_at=None,
    )
    return found


def known_capabilities(*, connection: Connection, at: dt.datetime) -> Capabilities:
    """What the account can do: as it said within the hour, else asked now.

    Inside a transaction nobody is asked, and an older answer has to do; the same when the vendor does not answer.
    Raises `ConnectionUnchecked` when there never was one.
    """
    if connection.checked_at is not None and connection.checked_at + FRESH_FOR > at:
        return capabilities_of(connection.capabilities)
    gateway = gateway_of(connection.gateway)
    if getattr(gateway, "is_local", False):
        return gateway.capabilities(connection=connection_facts(connection=connection))
    if is_outside():
        try:
            return check_connection(connection_id=connection.pk, at=at)
        except (GatewayFailure, OutcomeUnknown) as failure:
            log.info("capabilities_not_told", connection=str(connection.pk), error=type(failure).__name__)
    if connection.checked_at is None:
        raise ConnectionUnchecked(retry_after=5)
    return capabilities_of(connection.capabilities)


def doubt_connection(*, connection_id: UUID, reason: str, at: dt.datetime) -> bool:
    """A call was not let in: lost only if the account lets nothing in, for its key may lack one right of many.

    Returns whether it is lost. Raises `NotFound`.
    """
    try:
        check_connection(connection_id=connection_id, at=at)
    except (GatewayFailure, OutcomeUnknown) as failure:
        log.info("connection_doubted", connection=str(connection_id), error=type(failure).__name__)
    is_lost = _connection(connection_id).state == "disconnected"
    if not is_lost:
        log.error("payment_right_missing", connection=str(connection_id), reason=reason)
    return is_lost


def note_lost(*, connection_id: UUID, reason: str, at: dt.datetime) -> None:
    """The account does not answer to us any more: said once, until it works again."""
    with unit_of_work():
        (row,) = lock_rows(Connection.objects.all(), [connection_id])
        row.state, row.health = "disconnected", {"ok": False, "text": reason}
        row.checked_at = at
        row.capabilities = capabilities_kept(_nothing(row, reason))
        told = row.told_at is not None
        row.told_at = row.told_at or at
        row.save(update_fields=["state", "health", "told_at", "checked_at", "capabilities"])
        if told:
            return
        log.error("payment_connection_lost", connection=str(row.pk), gateway=row.gateway)
        append(GatewayConnectionLost(row.pk, gateway=row.gateway, name=row.name, reason=reason, at=at))


def _nothing(row: Connection, reason: str) -> Capabilities:
    """What a lost account can do; in which steps its amounts go does not depend on whether it answers."""
    step = capabilities_of(row.capabilities).step_minor
    return Capabilities(channels=frozenset(), step_minor=step, trouble=reason)


def _connection(connection_id: UUID) -> Connection:
    found: Connection | None = Connection.objects.filter(pk=connection_id).first()
    if found is None:
        raise UnknownConnection(pointer="/connection_id")
    return found


def _check(draft: ConnectionDraft) -> None:
    try:
        gateway_of(draft.gateway)
    except UnknownGateway:
        raise InvalidInput("There is no such gateway.", pointer="/gateway") from None
    if not draft.name.strip():
        raise InvalidInput(errors=[FieldProblem("/name", "required", "An account has a name.")])


def _insert_or_update(row: Connection | Reader, *, is_new: bool) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=is_new)
    except IntegrityError as error:
        if constraint(error).startswith(("payments_connection_account", "payments_reader_vendor")):
            raise ConnectionTaken from error
        raise


__all__ = [
    "ConnectionDraft",
    "ReaderDraft",
    "check_connection",
    "connection_facts",
    "doubt_connection",
    "ensure_connection",
    "known_capabilities",
    "note_lost",
    "save_connection",
    "save_reader",
]
