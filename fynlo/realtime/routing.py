"""Websocket routes on a merchant's host."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.urls import path, re_path

from fynlo.realtime.codes import UNKNOWN_HOST
from fynlo.realtime.consumers import FeedConsumer


async def no_such_socket(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Refuse the handshake at a path that serves no websocket."""
    del scope
    await receive()
    await send({"type": "websocket.close", "code": UNKNOWN_HOST})


websocket_urlpatterns = [
    path("ws/v1/feed", FeedConsumer.as_asgi(), name="feed-socket"),
    re_path(r"", no_such_socket, name="no-such-socket"),  # type: ignore[arg-type]
]
