"""A client of the feed socket, as a third party would write it with the `websockets` library."""

import json
import socket
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from fynlo.core.actors import Actor
from fynlo.core.ids import new_id
from fynlo.core.tenancy import TenantLike, tenant_context
from fynlo.realtime import tickets

PATH = "/ws/v1/feed"
SECONDS = 30.0


def till(**changes: Any) -> Actor:
    """A device that may read the feed."""
    device_id = new_id()
    facts: dict[str, Any] = {
        "kind": "device",
        "id": device_id,
        "name": "till K1",
        "device_id": device_id,
        "permissions": frozenset({"feed.read"}),
    }
    return Actor(**(facts | changes))


def ticket_for(tenant: TenantLike, actor: Actor | None = None) -> str:
    """A fresh ticket of `tenant`."""
    with tenant_context(tenant):
        return tickets.issue(actor=actor or till()).secret


class FeedClient(AbstractContextManager["FeedClient"]):
    """One socket at `host`, on the server at `port`."""

    def __init__(
        self,
        port: int,
        host: str = "cafe.localhost",
        *,
        path: str = PATH,
        origin: str | None = None,
        receive_buffer: int | None = None,
        max_queue: int | None = 16,
    ) -> None:
        self._raw = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer is not None:
            self._raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._raw.connect(("127.0.0.1", port))
        self._opening = connect(
            f"ws://{host}:{port}{path}", sock=self._raw, origin=origin, max_queue=max_queue
        )
        self.connection: ClientConnection

    def __enter__(self) -> Self:
        try:
            self.connection = self._opening.__enter__()
        except BaseException:
            self._raw.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opening.__exit__(kind, error, trace)

    def send(self, message: Any) -> Self:
        """Send a message: text as it is, bytes as a binary one, anything else as JSON."""
        raw = message if isinstance(message, str | bytes) else json.dumps(message)
        self.connection.send(raw)
        return self

    def authenticate(self, ticket: str, *, since: int | None = 0) -> int:
        """Send the first message; the answer's head."""
        first: dict[str, Any] = {"type": "authenticate", "ticket": ticket}
        self.send(first if since is None else first | {"since": since})
        answer = self.receive()
        assert answer["type"] == "ready", answer
        head: int = answer["head"]
        return head

    def receive(self) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = json.loads(self.connection.recv(SECONDS))
        return message

    def events(self, count: int) -> list[dict[str, Any]]:
        """The next `count` events; heartbeats in between are skipped."""
        found: list[dict[str, Any]] = []
        while len(found) < count:
            message = self.receive()
            if message["type"] == "event":
                found.append(message)
        return found

    def positions(self, count: int) -> list[int]:
        """The positions of the next `count` events."""
        return [event["seq"] for event in self.events(count)]

    def heartbeat(self) -> dict[str, Any]:
        """The next message, which must be a heartbeat: nothing else came in between."""
        message = self.receive()
        assert message["type"] == "heartbeat", message
        return message

    def close_code(self, shown: list[dict[str, Any]] | None = None) -> int:
        """Read until the server closes; the code it gives. What came before is added to `shown`."""
        with suppress(ConnectionClosed):
            while True:
                message = json.loads(self.connection.recv(SECONDS))
                if shown is not None:
                    shown.append(message)
        code = self.connection.close_code
        assert code is not None
        return code
