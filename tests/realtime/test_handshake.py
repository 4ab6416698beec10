"""Before a socket is open: host, origin, path, extensions."""

import base64
import os
import socket
from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from websockets.exceptions import InvalidStatus

from fynlo.core.ids import new_id
from fynlo.realtime.routing import websocket_urlpatterns
from tenants.sockets import TenantSocketMiddleware, is_own_origin
from tests.committed import as_platform_owner
from tests.realtime.client import FeedClient, ticket_for


def refused_with(port: int, host: str = "cafe.localhost", **options: Any) -> int:
    """The HTTP status the handshake is refused with."""
    with pytest.raises(InvalidStatus) as refusal, FeedClient(port, host, **options):
        raise AssertionError("the handshake was accepted")
    assert b"cafe" not in refusal.value.response.body
    return refusal.value.response.status_code


@pytest.mark.parametrize(
    "host", ["nobody.localhost", "localhost", "cafe.localhost.evil.example", "xcafe.localhost", "127.0.0.1"]
)
def test_an_unknown_host_gets_no_socket(cafe: Any, port: int, host: str) -> None:
    assert refused_with(port, host) == 403


def test_the_host_is_compared_without_case_and_port(cafe: Any, port: int) -> None:
    with FeedClient(port, "CAFE.localhost") as client:
        assert client.authenticate(ticket_for(cafe)) == 0


@pytest.mark.parametrize(
    "origin",
    [
        "http://grocer.localhost",
        "http://grocer.localhost:8000",
        "https://evil.example",
        "http://cafe.localhost.evil.example",
        "http://localhost",
        "null",
        "file://",
        "http://cafe.localhost@evil.example",
    ],
)
def test_a_page_of_somebody_else_gets_no_socket(cafe: Any, grocer: Any, port: int, origin: str) -> None:
    assert refused_with(port, origin=origin) == 403


def test_an_origin_that_is_none_is_refused_by_the_server_itself(cafe: Any, port: int) -> None:
    assert refused_with(port, origin="cafe.localhost") == 400


@pytest.mark.parametrize(
    "origin", [None, "http://cafe.localhost", "https://cafe.localhost", "http://cafe.localhost:8000"]
)
def test_a_page_of_the_tenant_and_a_client_that_is_no_browser_get_one(
    cafe: Any, port: int, origin: str | None
) -> None:
    with FeedClient(port, origin=origin) as client:
        assert client.authenticate(ticket_for(cafe)) == 0


def test_every_domain_of_the_tenant_is_its_own(cafe: Any, port: int) -> None:
    as_platform_owner(
        "INSERT INTO tenants_domain (id, domain, tenant_id, is_primary) VALUES (%s, %s, %s, false)",
        str(new_id()),
        "till.morgenrot.example",
        str(cafe.id),
    )
    with FeedClient(port, origin="https://till.morgenrot.example") as client:
        assert client.authenticate(ticket_for(cafe)) == 0
    with FeedClient(port, "till.morgenrot.example") as client:
        assert client.authenticate(ticket_for(cafe)) == 0


def test_a_suspended_merchant_gets_no_socket(cafe: Any, port: int) -> None:
    as_platform_owner("UPDATE tenants_tenant SET suspended_at = now() WHERE slug = 'cafe'")
    assert refused_with(port) == 403


@pytest.mark.parametrize("path", ["/ws/v1/other", "/", "/ws/v1/feed/", "/api/v1/feed"])
def test_there_is_one_socket(cafe: Any, port: int, path: str) -> None:
    assert refused_with(port, path=path) == 403


def test_a_client_that_offers_to_compress_is_answered_without_an_extension(cafe: Any, port: int) -> None:
    """Per-message deflate costs 120 KiB a socket against 31 (trap 42); `websockets` offers it by default."""
    with FeedClient(port) as client:
        assert "permessage-deflate" in client.connection.request.headers["Sec-WebSocket-Extensions"]
        assert "Sec-WebSocket-Extensions" not in client.connection.response.headers


def test_two_host_headers_are_not_a_choice(cafe: Any, grocer: Any, port: int) -> None:
    key = base64.b64encode(os.urandom(16)).decode()
    request = (
        "GET /ws/v1/feed HTTP/1.1\r\nHost: grocer.localhost\r\nHost: cafe.localhost\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        raw.sendall(request.encode())
        status = raw.recv(4096).split(b" ")[1]
    assert status in {b"400", b"403"}


# --- the codes, where the server passes them on ---


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ([(b"host", b"nobody.localhost")], 4404),
        ([], 4404),
        ([(b"host", b"cafe.localhost"), (b"host", b"grocer.localhost")], 4404),
        ([(b"host", b"cafe.localhost"), (b"origin", b"http://grocer.localhost")], 4403),
        (
            [
                (b"host", b"cafe.localhost"),
                (b"origin", b"http://cafe.localhost"),
                (b"origin", b"http://evil.example"),
            ],
            4403,
        ),
    ],
)
async def test_a_refused_handshake_carries_its_code(
    cafe: Any, grocer: Any, headers: list[tuple[bytes, bytes]], code: int
) -> None:
    application = TenantSocketMiddleware(URLRouter(websocket_urlpatterns))
    communicator = WebsocketCommunicator(application, "/ws/v1/feed", headers=headers)
    assert await communicator.connect() == (False, code)


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("https://cafe.example", True),
        ("https://CAFE.example:8443", True),
        ("https://cafe.example/", False),
        ("https://cafe.example?x", False),
        ("https://sub.cafe.example", False),
        ("ftp://cafe.example", False),
        ("https://cafe.example:port", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_an_origin_is_a_scheme_and_one_of_the_tenants_hosts(origin: str, own: bool) -> None:
    assert is_own_origin(origin, domains=frozenset({"cafe.example"})) is own
