"""An event comes in: verified with the secrets of whoever it may be for, kept once, and only then thanked for.

At a merchant's own door the connection's own secret decides; several connections of one gateway may be meant, so
each is tried. At the platform's door the platform's secret decides that it is genuine, and the vendor's `account`
decides whose it is: nothing else in the body may.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from fynlo.core.failpoints import reach
from fynlo.core.ids import new_id
from fynlo.core.sealing import CannotUnseal
from fynlo.core.tenancy import tenant_context
from payments.gateways.base import BadSignature, ConnectionFacts, Gateway, Inbound, VerifiedEvent
from payments.gateways.models import Connection
from payments.gateways.registry import UnknownGateway, gateway_of
from payments.gateways.services.connecting import connection_facts
from payments.webhooks.models import InboundEvent
from payments.webhooks.scrubbing import scrubbed
from payments.webhooks.services.reading import verified_event
from tenants.queries import merchant_of_account
from tenants.vendor_secrets import vendor_secrets

SECRET: Final = "webhook_secret"  # noqa: S105  the name of it
FIRST_LOOK_AFTER: Final = dt.timedelta(seconds=60)
"""When the sweep takes an event whose task was never heard."""
_NOBODY: Final = UUID(int=0)
_PLATFORM_SECRETS: Final = {"stripe": "FYNLO_STRIPE_WEBHOOK_SECRETS"}
"""Gateways that call one door for all merchants, and the setting with their secrets."""


class UnknownAccount(LookupError):
    """Genuine, but about an account that no merchant here has (yet): the vendor shall call again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A kept event. `is_new`: it was not here before; `schema` is whose it is, "" for nobody's."""

    event_id: UUID | None
    is_new: bool
    schema: str = ""


def receive_for_merchant(
    *, gateway: str, body: bytes, headers: Mapping[str, str], at: dt.datetime
) -> Received:
    """Keep an event for the merchant the connection is in. Raises `BadSignature`, also for an unknown gateway."""
    inbound = Inbound(connection=_of_nobody(gateway), body=body, headers=headers, received_at=at)
    found = _gateway(gateway)
    for connection in Connection.objects.filter(gateway=gateway).order_by("id"):
        event = _verified(found, inbound, connection)
        if event is not None:
            return _keep(connection, event, at)
    raise BadSignature


def receive_for_platform(
    *, gateway: str, body: bytes, headers: Mapping[str, str], at: dt.datetime
) -> Received:
    """Keep an event for the merchant whose account it names. Raises `BadSignature`, `UnknownAccount`.

    What is about the platform's own account is nobody's, and only said so.
    """
    found = _gateway(gateway)
    event = _verified_for_platform(found, gateway, body, headers, at)
    if not event.account:
        return Received(event_id=None, is_new=False)
    tenant = merchant_of_account(gateway=gateway, account=event.account)
    if tenant is None:
        raise UnknownAccount
    with tenant_context(tenant):
        connection = Connection.objects.filter(gateway=gateway, account=event.account).first()
        if connection is None:
            raise UnknownAccount
        return replace(_keep(connection, event, at), schema=tenant.schema_name)


def _gateway(code: str) -> Gateway:
    try:
        return gateway_of(code)
    except UnknownGateway:
        raise BadSignature from None


def _of_nobody(gateway: str, secret: str = "") -> ConnectionFacts:
    return ConnectionFacts(id=_NOBODY, gateway=gateway, tenant="", secrets={SECRET: secret} if secret else {})


def _verified(gateway: Gateway, inbound: Inbound, connection: Connection) -> VerifiedEvent | None:
    """The event, if this connection's own secret signed it and it is not about another account."""
    try:
        facts = connection_facts(connection=connection)
    except CannotUnseal:
        return None
    if not any(secret and name.partition(":")[0] == SECRET for name, secret in facts.secrets.items()):
        return None
    try:
        event = verified_event(gateway=gateway, inbound=replace(inbound, connection=facts))
    except BadSignature:
        return None
    is_another = bool(event.account and connection.account and event.account != connection.account)
    return None if is_another else event


def _verified_for_platform(
    gateway: Gateway, code: str, body: bytes, headers: Mapping[str, str], at: dt.datetime
) -> VerifiedEvent:
    """Any of the platform's secrets may match: two are good while one is being replaced."""
    for secret in _platform_secrets(code):
        facts = _of_nobody(code, secret)
        try:
            inbound = Inbound(connection=facts, body=body, headers=headers, received_at=at)
            return verified_event(gateway=gateway, inbound=inbound)
        except BadSignature:
            continue
    raise BadSignature


def _platform_secrets(code: str) -> list[str]:
    """Those a command has sealed into the platform's table, and those of the environment."""
    setting = _PLATFORM_SECRETS.get(code)
    if setting is None:
        return []
    named: Sequence[str] = getattr(settings, setting)
    return [*vendor_secrets(gateway=code).values(), *named]


def _keep(connection: Connection, event: VerifiedEvent, at: dt.datetime) -> Received:
    """Insert it once. Two that come at the same time are one: the second waits for the first and finds it."""
    row = InboundEvent(
        id=new_id(),
        connection=connection,
        event_id=event.id[:120],
        kind=event.kind[:120],
        account=event.account[:100],
        payload=scrubbed(event.payload),
        vendor_at=event.at,
        received_at=at,
        next_try_at=at + FIRST_LOOK_AFTER,
    )
    with transaction.atomic():
        InboundEvent.objects.bulk_create([row], ignore_conflicts=True)
        kept = InboundEvent.objects.values_list("pk", flat=True).get(
            connection=connection, event_id=row.event_id
        )
    reach("webhook.stored")
    return Received(event_id=kept, is_new=kept == row.pk)
