"""The websockets' door into a tenant: the host decides, and a browser's page must be the tenant's own.

Everything is refused before the handshake is accepted, so an unknown host or a foreign page never holds an
open socket. On the wire that is HTTP 403 with nothing said (a browser reports 1006); the close codes 4404 and
4403 are for servers and tests that see them. A browser always sends Origin; other clients send none, and
neither gets anything without a ticket (trap 39).
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import structlog

from fynlo.core.actors import Actor
from fynlo.core.tenancy import TenantLike, current_schema, leave, platform_context, registry
from fynlo.realtime.codes import FOREIGN_ORIGIN, UNKNOWN_HOST
from fynlo.realtime.threads import in_database_thread
from tenants import states
from tenants.middleware import host_name
from tenants.models import Domain

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

log = structlog.get_logger("fynlo.realtime")

_SCHEMES = frozenset({"http", "https"})


class TenantSocketMiddleware:
    """Puts the host's tenant into the scope of a websocket, or refuses the handshake."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one websocket."""
        hosts, origins = _header(scope, b"host"), _header(scope, b"origin")
        host = host_name(hosts[0]) if len(hosts) == 1 else None
        tenant, domains = await in_database_thread(_find, host) if host else (None, frozenset())
        if tenant is None:
            await _refuse(receive, send, UNKNOWN_HOST)
        elif origins and not (len(origins) == 1 and is_own_origin(origins[0], domains=domains)):
            log.warning("foreign_origin_refused", schema=tenant.schema_name)
            await _refuse(receive, send, FOREIGN_ORIGIN)
        else:
            await self._application({**scope, "tenant": tenant}, receive, send)


def is_own_origin(origin: str, *, domains: frozenset[str]) -> bool:
    """Whether a browser's Origin is a page on one of `domains` (exactly; any port, http or https)."""
    try:
        parts = urlsplit(origin)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    bare = not (parts.path or parts.query or parts.fragment or parts.username)
    return parts.scheme in _SCHEMES and bare and host in domains


def may_listen(actor: Actor) -> bool:
    """The platform's say in who keeps a socket: not while the merchant is suspended, closed or being set up."""
    del actor
    tenant: Any = registry.tenant_by_schema(current_schema() or "")
    return tenant is not None and states.refusal(tenant, states.READING) is None


def _find(host: str) -> tuple[TenantLike | None, frozenset[str]]:
    """The admitted tenant that owns `host`, with all of its host names."""
    leave()
    try:
        tenant: Any = registry.tenant_by_host(host)
        if tenant is None or states.refusal(tenant, states.READING) is not None:
            return None, frozenset()
        with platform_context():
            return tenant, frozenset(Domain.objects.filter(tenant=tenant).values_list("domain", flat=True))
    finally:
        leave()


def _header(scope: Message, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


async def _refuse(receive: Receive, send: Send, code: int) -> None:
    """Answer the handshake with a refusal; the close code only shows where the server passes it on."""
    await receive()
    await send({"type": "websocket.close", "code": code})
