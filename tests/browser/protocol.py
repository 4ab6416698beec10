"""A line to Chromium: commands of the DevTools protocol and their answers, with the events in between."""

import json
from typing import Any, Final

from websockets.sync.client import ClientConnection, connect

PATIENCE: Final = 20.0
"""Seconds until what does not happen is given up."""


class Line:
    """A connection to the browser, or to one of its tabs."""

    def __init__(self, address: str) -> None:
        self._socket: ClientConnection = connect(address, max_size=None, proxy=None)
        self._number = 0

    def close(self) -> None:
        """Hang up; a tab ends with its browser."""
        self._socket.close()

    def note(self, event: dict[str, Any]) -> None:
        """Take an event; the browser's own are of no interest."""

    def send(self, method: str, *, is_refusal_fine: bool = False, **params: Any) -> dict[str, Any]:
        """Send a command and return its answer."""
        self._number += 1
        mine = self._number
        self._socket.send(json.dumps({"id": mine, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv(timeout=PATIENCE * 3))
            if said.get("id") == mine:
                break
            self.note(said)
        if "error" in said:
            assert is_refusal_fine, f"{method}: {said['error']}"
            return {}
        answer: dict[str, Any] = said["result"]
        return answer

    def listen(self, seconds: float) -> None:
        """Take the next event, if one comes in time."""
        try:
            self.note(json.loads(self._socket.recv(timeout=seconds)))
        except TimeoutError:
            return
