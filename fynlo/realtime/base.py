"""The base of every consumer: database work enters the tenant freshly and leaves the thread nowhere."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer

from fynlo.core.tenancy import TenantLike, run_in_tenant
from fynlo.events.broker import BrokerError
from fynlo.realtime.codes import TRY_AGAIN_LATER
from fynlo.realtime.threads import in_database_thread

R = TypeVar("R")

log = structlog.get_logger("fynlo.realtime")


class TenantConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """A websocket consumer of one tenant.

    All consumers of a process share a few threads, and each thread its database connection; whatever the last
    call left there must not be seen by the next (traps 6 and 7). So there is one door: `in_tenant`.

    `work` runs beside the message handlers from the moment the socket is accepted and is cancelled when it
    ends. Handlers only take notes for it: one that waited would let messages pile up without a limit.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._work: asyncio.Task[None] | None = None

    @property
    def tenant(self) -> TenantLike:
        """The tenant whose host the socket was opened at (`tenants.sockets` put it there)."""
        tenant: TenantLike = self.scope["tenant"]
        return tenant

    async def in_tenant(self, function: Callable[..., R], /, **kwargs: Any) -> R:
        """Run `function(**kwargs)` in a database thread, inside the tenant, and leave that thread nowhere."""
        return await in_database_thread(run_in_tenant, self.tenant, function, **kwargs)

    async def work(self) -> None:
        """What the socket does between connecting and closing."""

    async def connect(self) -> None:
        """Accept the socket (the middleware has let it through) and start working."""
        await self.accept()
        self._work = asyncio.create_task(self.work())

    async def join(self, group: str) -> None:
        """Receive what is broadcast to `group`; left by itself at the end."""
        self.groups.append(group)
        await self.channel_layer.group_add(group, self.channel_name)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Pass a message to its handler.

        Channels would first ask the thread of all consumers to close old database connections, for every frame
        of every socket; here connections live in the database threads, which do that themselves. A message
        nobody knows comes from a newer release sending to an older one, and is not worth a closed socket.
        """
        handler = getattr(self, get_handler_name(message), None)
        if handler is None:
            log.warning("unknown_channel_message", kind=message["type"])
            return
        await handler(message)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one socket; its work ends with it, however it ends."""
        try:
            await super().__call__(scope, receive, send)
        except BrokerError as error:
            # Joining or leaving the channel layer failed: Redis is away.
            log.warning("socket_without_redis", error=type(error).__name__)
            if self._work is None:
                await _come_back_later(receive, send)
        finally:
            if self._work is not None:
                self._work.cancel()
                await asyncio.gather(self._work, return_exceptions=True)


async def _come_back_later(receive: Any, send: Any) -> None:
    """Accept, so that the client gets to see a close code, and close."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
