"""Accounts at vendors: opened for one call, asked what they can do, and missed when they are gone.

Only `connection_facts` opens secrets, and nobody keeps them. How accounts are set up is `accounts`.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import structlog

from fynlo.core.locks import lock_rows
from fynlo.core.sealing import unseal
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from payments.gateways.base import (
    Capabilities,
    ConnectionFacts,
    GatewayFailure,
    NotConnected,
    OutcomeUnknown,
    RightMissing,
)
from payments.gateways.errors import ConnectionUnchecked, UnknownConnection
from payments.gateways.events import GatewayConnectionLost
from payments.gateways.facts import capabilities_kept, capabilities_of
from payments.gateways.models import Attempt, Connection
from payments.gateways.registry import gateway_of
from payments.gateways.services.calling import is_outside
from payments.gateways.services.rights import health_kept, note_missing

log = structlog.get_logger("fynlo.payments")

FRESH_FOR: Final = dt.timedelta(hours=1)
"""What an account said it can do is believed for this long."""
_CHECK: Final = "capabilities"


def connection_facts(*, connection: Connection, secrets: Mapping[str, str] | None = None) -> ConnectionFacts:
    """The account as its gateway is given it, secrets opened, or with others instead. Raises `CannotUnseal`."""
    sealed = connection.sealed_secrets
    if secrets is None:
        secrets = json.loads(unseal(sealed)) if sealed else {}
    return ConnectionFacts(
        id=connection.pk,
        gateway=connection.gateway,
        tenant=current_tenant().slug,
        account=connection.account,
        is_live=connection.is_live,
        settings=connection.settings,
        secrets=secrets,
    )


def check_connection(*, connection_id: UUID, at: dt.datetime) -> Capabilities:
    """Ask the account what it can do, and keep the answer. One that is lost can do nothing; its owner is told once.

    Lost is one, too, whose secrets open another account by now than the one its payments are at. A key that may not
    ask this loses nothing that is known: what the account said before stays.
    Raises `NotFound` of a row that is not there, and what the gateway raises when nobody answered
    (`TryAgain`, `OutcomeUnknown`): then everything stays as it was.
    """
    connection = _connection(connection_id)
    try:
        found = gateway_of(connection.gateway).capabilities(
            connection=connection_facts(connection=connection)
        )
    except NotConnected as failure:
        return _lost(connection, failure.text, at)
    except RightMissing as failure:
        known = capabilities_of(connection.capabilities)
        if not known.channels:
            return _lost(connection, failure.text, at)
        note_missing(connection_id=connection_id, verb=_CHECK, text=failure.text)
        Connection.objects.filter(pk=connection_id).update(checked_at=at)
        return known
    if _is_of_another(connection, found.account):
        return _lost(connection, f"Its secrets open another account, {found.account}.", at)
    state = "restricted" if found.trouble else "active"
    missing = {name: text for name, text in connection.health.get("missing", {}).items() if name != _CHECK}
    Connection.objects.filter(pk=connection_id).update(
        capabilities=capabilities_kept(found),
        health=health_kept(trouble=found.trouble, missing=missing),
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
    """What a lost account can do. Which one it is, and in which steps its amounts go, is the same as before."""
    known = capabilities_of(row.capabilities)
    return Capabilities(
        channels=frozenset(), account=known.account, step_minor=known.step_minor, trouble=reason
    )


def _lost(connection: Connection, reason: str, at: dt.datetime) -> Capabilities:
    note_lost(connection_id=connection.pk, reason=reason, at=at)
    return Capabilities(channels=frozenset(), trouble=reason)


def _is_of_another(connection: Connection, told: str) -> bool:
    """Whether the vendor names another account than it did before, and there are payments at that one."""
    known = connection.capabilities.get("account", "")
    if not told or not known or told == known:
        return False
    return Attempt.objects.filter(connection=connection).exists()


def _connection(connection_id: UUID) -> Connection:
    found: Connection | None = Connection.objects.filter(pk=connection_id).first()
    if found is None:
        raise UnknownConnection(pointer="/connection_id")
    return found
