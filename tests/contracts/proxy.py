"""A TCP proxy between us and any vendor; it cuts the line before the request or after the vendor's commit.

with CuttingProxy(server.url) as proxy:
    proxy.cut("answer", times=1, match=b"POST /v1/refunds")   # the vendor did it, nobody hears of it
    client = StripeClient(key, base_addresses={"api": proxy.url})
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Literal, Self
from urllib.parse import urlsplit

RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER 0: the client sees a reset
Where = Literal["request", "answer", "halfway"]


@dataclass
class Cut:
    """One order of a test: where to cut, how often still, and which requests (those that contain `match`)."""

    where: Where
    left: int
    match: bytes


@dataclass(frozen=True)
class Passed:
    """A request the proxy saw: its first line, where it was cut, and whether the vendor got it."""

    line: str
    cut: Where | None
    reached_vendor: bool


class CuttingProxy:
    """Listens on loopback; every connection carries one request, so a cut hits exactly one."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._cuts: list[Cut] = []
        self._lock = threading.Lock()
        self.passed: list[Passed] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """What to give to the client instead of the vendor's address."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self, where: Where, *, times: int = 1, match: bytes = b"") -> None:
        """`request`: the vendor never gets it; `answer`: it commits, we hear nothing; `halfway`: half an answer."""
        with self._lock:
            self._cuts.append(Cut(where, times, match))

    def mend(self) -> None:
        """The line is whole again."""
        with self._lock:
            self._cuts.clear()

    def left(self) -> int:
        """Cuts nobody ran into."""
        return sum(cut.left for cut in self._cuts)

    def close(self) -> None:
        """Stops listening."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with closing(client), _quietly():
            request = _whole(client)
            if not request:
                return
            where = self._cut_for(request)
            line = request.split(b"\r\n", 1)[0].decode(errors="replace")
            answer = b"" if where == "request" else self._ask(request)
            with self._lock:
                self.passed.append(Passed(line, where, where != "request"))
            if where in ("request", "answer"):
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                return
            client.sendall(answer[: len(answer) // 2] if where == "halfway" else answer)

    def _cut_for(self, request: bytes) -> Where | None:
        with self._lock:
            for cut in self._cuts:
                if cut.left and cut.match in request:
                    cut.left -= 1
                    return cut.where
        return None

    def _ask(self, request: bytes) -> bytes:
        """The vendor's whole answer: it is read to its end, so a cut afterwards comes after the commit."""
        head, _, body = request.partition(b"\r\n\r\n")
        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with closing(socket.create_connection(self._target, timeout=30)) as vendor:
            vendor.sendall(b"\r\n".join([*kept, b"Connection: close"]) + b"\r\n\r\n" + body)
            return b"".join(iter(lambda: vendor.recv(65536), b""))


@contextmanager
def _quietly() -> Iterator[None]:
    """A client that gave up, or a vendor that is away: the line is simply dead."""
    try:
        yield
    except OSError:
        return


def _whole(client: socket.socket) -> bytes:
    """One request: its head, and as much body as the head promises."""
    client.settimeout(30)
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = client.recv(65536)
        if not chunk:
            return b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    promised = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < promised:
        chunk = client.recv(65536)
        if not chunk:
            return b""
        body += chunk
    return head + b"\r\n\r\n" + body
