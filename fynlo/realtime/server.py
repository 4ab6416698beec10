"""daphne, with a send that waits: `python -m fynlo.realtime.server -p 8001 fynlo.asgi:application`.

daphne passes a frame to the transport and returns, and the transport keeps whatever a slow client does not
read, without a limit. Here `send` waits while more than 64 KiB are unsent, so a slow client slows down only
its own socket, which then reads the log page by page instead of being given a buffer. A client that never
reads again is closed by daphne's ping time-out. Everything else, options included, is daphne.
"""

import asyncio
from typing import Any

from daphne.cli import CommandLineInterface
from daphne.server import Server
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer  # type: ignore[import-untyped]


@implementer(IPushProducer)
class Valve:
    """What the transport tells: stop, I am full; go on, I am empty; the client is gone."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    def pauseProducing(self) -> None:  # noqa: N802  Twisted's name
        """The transport holds more than it wants to."""
        self._open.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        """The transport has sent everything."""
        self._open.set()

    def stopProducing(self) -> None:  # noqa: N802
        """The connection is lost: nobody must wait for it."""
        self._open.set()

    async def wait(self) -> None:
        """Return as soon as there is room."""
        await self._open.wait()


class PatientServer(Server):  # type: ignore[misc]
    """daphne's server with back-pressure on websockets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._valves: dict[Any, Valve] = {}

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Start the application of one connection; a websocket gets its valve."""
        if scope["type"] == "websocket":
            valve = self._valves[protocol] = Valve()
            protocol.transport.unregisterProducer()  # the HTTP channel's, which the upgrade left behind
            protocol.transport.registerProducer(valve, streaming=True)
        return super().create_application(protocol, scope)

    def protocol_disconnected(self, protocol: Any) -> None:
        """The client is gone: whoever waits to send to it goes on and finds out."""
        valve = self._valves.pop(protocol, None)
        if valve is not None:
            valve.stopProducing()
        super().protocol_disconnected(protocol)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Pass a message on and wait until the transport has room for the next one."""
        await super().handle_reply(protocol, message)
        valve = self._valves.get(protocol)
        if valve is not None and message["type"] == "websocket.send":
            await valve.wait()


class CommandLine(CommandLineInterface):  # type: ignore[misc]
    """daphne's command line for the patient server."""

    description = "Fynlo's HTTP and websocket server (daphne)"
    server_class = PatientServer


if __name__ == "__main__":
    CommandLine.entrypoint()
