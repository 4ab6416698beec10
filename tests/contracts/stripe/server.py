"""The fake vendor on loopback: HTTP in front, the outside world (customers, banks, time) as Python methods.

client = StripeClient("sk_test_fynlo", base_addresses={"api": stripe_server.url}, max_network_retries=2)
"""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from stripe import HTTPClient
from stripe._requestor_options import BaseAddresses

from tests.contracts.stripe.bells import Bells
from tests.contracts.stripe.engine import Answer, Engine, Request, Seen
from tests.contracts.stripe.faults import Fault, Faults
from tests.contracts.stripe.objects import accounts
from tests.contracts.stripe.outside import Outside
from tests.contracts.stripe.world import PLATFORM, Vendor, World

API_VERSION = "2026-10-28.endive"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER 0: the other side sees a reset, not an empty answer


class StripeServer(Outside):
    """Start it, talk to `url` with the real client, move the outside world with methods, stop it."""

    def __init__(self) -> None:
        self.bells = Bells()
        self.faults = Faults()
        self.vendor = Vendor(api_version=API_VERSION, bells=self.bells)
        self.engine = Engine(vendor=self.vendor, faults=self.faults)
        self._http = _Listener(("127.0.0.1", 0), self.engine)
        self._port = int(self._http.server_address[1])
        self._thread = self._serve()
        # The library pauses between its own tries; nobody here waits for what is over already.
        self._pauses = (HTTPClient.INITIAL_DELAY, HTTPClient.MAX_DELAY)
        HTTPClient.INITIAL_DELAY = HTTPClient.MAX_DELAY = 0

    @property
    def url(self) -> str:
        """For `base_addresses={"api": …}`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def addresses(self) -> BaseAddresses:
        """For `base_addresses`: the API and the place for uploads."""
        return {"api": self.url, "files": self.url}

    @property
    def requests(self) -> list[Seen]:
        """What arrived and was understood, in order."""
        return self.engine.seen

    def executed(self, route: str) -> int:
        """How often a route really did something with success: effects, not attempts."""
        return sum(seen.executed and seen.status < 300 for seen in self.engine.named(route))

    def connect(self, account: str, *, country: str = "DE", currency: str = "eur") -> World:
        """A connected account, its world empty. Without it, its id is a stranger: 403 `account_invalid`."""
        with self.vendor.lock:
            accounts.add_account(self.vendor, key=account, country=country, currency=currency, active=True)
            return self.vendor.worlds[account]

    def disconnect(self, account: str) -> None:
        """The merchant left: from now on 403."""
        with self.vendor.lock:
            del self.vendor.worlds[account], self.vendor.worlds[PLATFORM].tables["v2.core.account"][account]

    def fault(self, route: str, fault: Fault, *, times: int = 1, account: str | None = None) -> Fault:
        """Queues what goes wrong for the next `times` requests on `POST /v1/refunds` (`*`: any); returns it."""
        self.faults.add(route, fault, times=times, account=account)
        return fault

    def give_key(self, key: str, account: str) -> None:
        """The secret key is this account's own: without `Stripe-Account` it speaks for it."""
        self.engine.owners[key] = account

    def revoke_key(self, key: str) -> None:
        """The secret key is no longer good: 401."""
        self.engine.revoked.add(key)

    @contextmanager
    def refusing_connections(self) -> Iterator[None]:
        """Nobody listens on the port meanwhile; afterwards the same server with the same memory does."""
        self._halt()
        yield
        self._http = _Listener(("127.0.0.1", self._port), self.engine)
        self._thread = self._serve()

    @property
    def problems(self) -> list[str]:
        """What makes the test fail at its end: answers the library would not understand, breaks inside the fake."""
        return self.vendor.problems

    def stop(self) -> None:
        """Lets everybody go and closes the port."""
        self._halt()
        HTTPClient.INITIAL_DELAY, HTTPClient.MAX_DELAY = self._pauses

    def _serve(self) -> threading.Thread:
        thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        thread.start()
        return thread

    def _halt(self) -> None:
        self.faults.release()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], engine: Engine) -> None:
        self.engine = engine
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up is what half of the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    timeout = 30

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
        answer = self.server.engine.answer(request)
        if answer.gate is not None:
            answer.gate.wait()
        if answer.lost:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.close_connection = True
            return
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        body = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Quiet: the test says what it wants to see."""
