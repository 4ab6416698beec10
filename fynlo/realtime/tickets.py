"""Tickets: how a socket proves who opens it, without a token in a URL, a header or a cookie.

An authenticated POST gets one; the socket's first message spends it. It is good for 30 seconds, once, and in
its own tenant only. Redis holds nothing but its hash, under the tenant's key; so whoever reads Redis cannot
open a socket.
"""

import base64
import hashlib
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

import orjson

from fynlo.core.actors import Actor
from fynlo.core.tenancy import current_tenant, tenant_key
from fynlo.events.broker import client

LIFETIME_SECONDS = 30
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Ticket:
    """A secret to be shown once, and for how many seconds it is good."""

    secret: str = field(repr=False)
    expires_in: int


def issue(*, actor: Actor) -> Ticket:
    """A new ticket of the current tenant for `actor`; raises `redis.RedisError` when Redis is away."""
    secret = base64.urlsafe_b64encode(secrets.token_bytes(_BYTES)).rstrip(b"=").decode()
    client().set(key_of(secret), _dump(actor), ex=LIFETIME_SECONDS, nx=True)
    return Ticket(secret=secret, expires_in=LIFETIME_SECONDS)


def redeem(*, secret: str) -> Actor | None:
    """Spend a ticket of the current tenant: the actor it was issued for, or None. Never twice."""
    value: Any = client().getdel(key_of(secret))
    return None if value is None else _load(value)


def key_of(secret: str) -> str:
    """The Redis key of a ticket: its tenant and the hash of its secret."""
    return tenant_key("ticket", hashlib.sha256(secret.encode()).hexdigest())


def _dump(actor: Actor) -> bytes:
    return orjson.dumps(
        {
            "tenant": current_tenant().id,
            "kind": actor.kind,
            "id": actor.id,
            "name": actor.name,
            "device_id": actor.device_id,
            "employee_id": actor.employee_id,
            "register_id": actor.register_id,
            "location_id": actor.location_id,
            "permissions": sorted(actor.permissions),
        }
    )


def _load(value: bytes) -> Actor | None:
    found = orjson.loads(value)
    if found["tenant"] != str(current_tenant().id):
        return None  # the schema name was given to another merchant since
    return Actor(
        kind=found["kind"],
        id=_uuid(found["id"]),
        name=found["name"],
        device_id=_uuid(found["device_id"]),
        employee_id=_uuid(found["employee_id"]),
        register_id=_uuid(found["register_id"]),
        location_id=_uuid(found["location_id"]),
        permissions=frozenset(found["permissions"]),
    )


def _uuid(text: str | None) -> uuid.UUID | None:
    return None if text is None else uuid.UUID(text)
