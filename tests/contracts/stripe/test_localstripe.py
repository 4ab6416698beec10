"""One smoke test with somebody else's fake: bells that `localstripe` signs, and the library verifies.

It knows no Terminal, no Connect, no disputes and no idempotency keys, so everything else is tested with our own.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import stripe
from stripe import StripeClient

SECRET = "whsec_local"
PROGRAM = """
import socket
from aiohttp import web
from localstripe import resources, server
resources.store.dump_to_disk = lambda: None
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
web.run_app(server.app, sock=listening, print=None)
"""


@pytest.fixture
def port() -> Iterator[int]:
    """localstripe in a process of its own, remembering nothing on disk."""
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()


class Ear(HTTPServer):
    """Hears one bell."""

    bell: tuple[bytes, str]
    timeout = 30

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hear)

    def handle_timeout(self) -> None:
        raise AssertionError("no bell rang")


class _Hear(BaseHTTPRequestHandler):
    server: Ear

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bell = (body, self.headers["Stripe-Signature"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


def test_a_bell_of_somebody_else_s_fake_is_verified(port: int) -> None:
    with Ear() as ear:
        wire = HTTPConnection("127.0.0.1", port, timeout=10)
        told = {
            "url": f"http://127.0.0.1:{ear.server_port}/hook",
            "secret": SECRET,
            "events": ["customer.created"],
        }
        wire.request("POST", "/_config/webhooks/till", json.dumps(told), {"Content-Type": "application/json"})
        assert wire.getresponse().status == 200
        wire.close()
        client = StripeClient("sk_test_12345", base_addresses={"api": f"http://127.0.0.1:{port}"})
        customer = client.v1.customers.create({"email": "guest@example.org"})
        ear.handle_request()
    body, signature = ear.bell
    event = stripe.Webhook.construct_event(body, signature, SECRET)
    assert (event.type, event.data.object["id"]) == ("customer.created", customer.id)
