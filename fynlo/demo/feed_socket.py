"""The feed as a till sees it: one websocket, a ticket as first message, frames with positions."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Self

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from fynlo.demo.web import ADDRESS, Site

_TIMEOUT_SECONDS: Final = 20.0


class SocketError(Exception):
    """The socket did not do what the protocol says."""


class FeedSocket:
    """An authenticated connection to `/ws/v1/feed`."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def opened(cls, site: Site, *, ticket: str, since: int) -> Iterator[Self]:
        """Connect, show the ticket, wait for `ready`; the connection closes with the `with`."""
        try:
            with connect(
                f"ws://{site.host}:{site.port}/ws/v1/feed",
                sock=socket.create_connection((ADDRESS, site.port), timeout=_TIMEOUT_SECONDS),
                origin=Origin(f"http://{site.host}:{site.port}"),
                compression=None,
                open_timeout=_TIMEOUT_SECONDS,
            ) as connection:
                feed = cls(connection)
                connection.send(json.dumps({"type": "authenticate", "ticket": ticket, "since": since}))
                first = feed.next_frame()
                if first.get("type") != "ready":
                    raise SocketError(f"the first answer was {first}, not ready")
                yield feed
        except (OSError, WebSocketException) as problem:
            raise SocketError(str(problem)) from problem

    def next_frame(self) -> dict[str, Any]:
        """Return the next message; raises TimeoutError when none comes."""
        frame: dict[str, Any] = json.loads(self._connection.recv(timeout=_TIMEOUT_SECONDS))
        return frame

    def event_about(self, entity_id: str, *, kind: str) -> dict[str, Any]:
        """Return the event of this kind about this entity, passing over others."""
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            frame = self.next_frame()
            if frame.get("type") == "event" and frame["t"] == kind and frame["id"] == entity_id:
                return frame
        raise SocketError(f"no {kind} about {entity_id} came within {_TIMEOUT_SECONDS:.0f} s")
