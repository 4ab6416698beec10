"""Accounts at vendors as people set them up, and their readers.

Secrets come in and are sealed. A draft without a secret keeps what is there: they are replaced, never read.
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
from fynlo.core.sealing import seal
from fynlo.events.log import unit_of_work
from payments.gateways import states
from payments.gateways.errors import ConnectionTaken, ReaderTaken, UnknownConnection
from payments.gateways.models import Attempt, Connection, GatewayRefund, Reader
from payments.gateways.registry import UnknownGateway, gateway_of
from payments.gateways.services.belonging import check_owner
from payments.gateways.services.calling import is_outside

log = structlog.get_logger("fynlo.payments")

_OPEN_REFUNDS: Final = (states.PREPARED, states.PENDING, states.UNKNOWN)


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

    Inside a transaction no vendor is asked whose new secrets are: whoever opens one calls `check_secrets` before.
    Raises `Forbidden` without `payments.connect`, `InvalidInput` for an unknown gateway, `ConnectionTaken`, and
    what `check_secrets` does.
    """
    actor.require("payments.connect")
    _check(draft)
    if is_outside():
        check_secrets(draft=draft, actor=actor)
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
            row.checked_at, row.state, row.told_at, row.health = None, "active", None, {}
        if is_other:
            row.capabilities = {**row.capabilities, "account": ""}
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


def check_secrets(*, draft: ConnectionDraft, actor: Actor) -> None:
    """Ask the vendor whose the new secrets of an account are that payments were asked for with. In no transaction.

    Raises `Forbidden`, `InvalidInput` (`/secrets`) where they open another account or none, and
    `ConnectionUnchecked` while the vendor cannot say.
    """
    actor.require("payments.connect")
    row = Connection.objects.filter(pk=draft.id, gateway=draft.gateway).first()
    if row is None or draft.secrets is None:
        return
    settings = row.settings if draft.settings is None else draft.settings
    check_owner(connection=row, secrets=draft.secrets, settings=settings)


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
    """Add a card reader, or say where it stands. Raises `Forbidden`, `UnknownConnection`, `ReaderTaken`."""
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
    made: Connection = Connection.objects.filter(gateway=gateway, account="").order_by("id")[0]
    return made


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
        rule = constraint(error)
        if isinstance(row, Connection) and rule.startswith("payments_connection_account"):
            raise ConnectionTaken(_taken(row.account), pointer="/account") from error
        if isinstance(row, Reader) and rule.startswith("payments_reader_vendor"):
            detail = f"This account has a reader with the name {row.vendor_id} at its provider already."
            raise ReaderTaken(detail, pointer="/vendor_id") from error
        raise


def _taken(account: str) -> str:
    if account:
        return f"An account with the name {account} at this provider is there already."
    return "An account without a name at this provider is there already. Give each account a name of its own."
