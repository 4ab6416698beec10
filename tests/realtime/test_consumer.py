"""The consumer without a server between, and with a heartbeat and a check that never come.

So what closes a gap here is the gap, and what closes a socket is the event.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from fynlo.core.actors import Actor
from fynlo.core.tenancy import run_in_tenant, tenant_context
from fynlo.events.log import append, unit_of_work
from fynlo.events.models import Cursor
from fynlo.realtime import access
from fynlo.realtime.routing import websocket_urlpatterns
from tenants.sockets import TenantSocketMiddleware
from tests.events.facts import ring_at
from tests.realtime.client import PATH, ticket_for, till
from tests.realtime.conftest import relay_once
from tests.realtime.test_rights import RightsChanged
from tests.redis_server import RedisServer

pytestmark = pytest.mark.asyncio

SECONDS = 30


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, settings: Any, own_redis: RedisServer) -> set[Any]:
    """Ids of actors that lost their right; nobody asks but after an event."""
    ids: set[Any] = set()

    def not_refused(actor: Actor) -> bool:
        return actor.id not in ids

    monkeypatch.setattr(access, "_checkers", {})
    access.register_checker(name="tests", checker=not_refused, kinds={"device"}, on_events={"rights.changed"})
    settings.FYNLO_SOCKET_HEARTBEAT_SECONDS = settings.FYNLO_SOCKET_RECHECK_SECONDS = 3600
    return ids


@asynccontextmanager
async def socket(tenant: Any, actor: Actor | None = None, *, since: int = 0) -> AsyncIterator[Any]:
    """A socket that is ready."""
    application = TenantSocketMiddleware(URLRouter(websocket_urlpatterns))
    headers = [(b"host", f"{tenant.slug}.localhost".encode())]
    communicator = WebsocketCommunicator(application, PATH, headers=headers)
    connected, _ = await communicator.connect(timeout=SECONDS)
    assert connected
    ticket = await sync_to_async(ticket_for)(tenant, actor)
    await communicator.send_to(
        text_data=json.dumps({"type": "authenticate", "ticket": ticket, "since": since})
    )
    assert (await receive(communicator))["type"] == "ready"
    try:
        yield communicator
    finally:
        await communicator.disconnect()


async def receive(communicator: Any) -> dict[str, Any]:
    """The next message, or how the socket was closed."""
    output = await communicator.receive_output(SECONDS)
    if output["type"] == "websocket.close":
        return {"type": "close", "code": output["code"]}
    message: dict[str, Any] = json.loads(output["text"])
    return message


def commit_unheard(tenant: Any, *times: int) -> None:
    """Commit events whose hints are lost."""
    ring_at(tenant, *times)
    with tenant_context(tenant):
        cursor, _ = Cursor.objects.get_or_create(reader="realtime")
        cursor.position += len(times)
        cursor.save()


def change_rights(tenant: Any) -> None:
    """Commit and relay an event that says that rights changed, and one after it."""

    def say() -> None:
        with unit_of_work():
            append(RightsChanged(entity_id=till().id))  # type: ignore[arg-type]

    run_in_tenant(tenant, say)
    ring_at(tenant, 1)
    relay_once(tenant)


async def test_a_gap_is_filled_as_soon_as_it_is_seen(cafe: Any, refused: set[Any]) -> None:
    async with socket(cafe) as client:
        await sync_to_async(commit_unheard)(cafe, 1, 2)
        await sync_to_async(ring_at)(cafe, 3)
        await sync_to_async(relay_once)(cafe)
        assert [(await receive(client))["seq"] for _ in range(3)] == [1, 2, 3]


async def test_an_event_that_changes_rights_is_asked_about_before_anything_is_shown(
    cafe: Any, refused: set[Any]
) -> None:
    fired = till()
    async with socket(cafe, fired) as client, socket(cafe) as other:
        refused.add(fired.id)
        await sync_to_async(change_rights)(cafe)
        assert await receive(client) == {"type": "close", "code": 4401}
        assert [(await receive(other))["seq"] for _ in range(2)] == [1, 2]


async def test_it_is_asked_about_as_well_when_it_comes_from_the_log(cafe: Any, refused: set[Any]) -> None:
    fired = till()
    async with socket(cafe, fired) as client:
        refused.add(fired.id)
        await sync_to_async(commit_unheard)(cafe, 1)
        await sync_to_async(change_rights)(cafe)
        assert (await receive(client))["seq"] == 1
        assert await receive(client) == {"type": "close", "code": 4401}


async def test_a_socket_that_ends_leaves_its_group(
    cafe: Any, refused: set[Any], own_redis: RedisServer
) -> None:
    async with socket(cafe):
        assert len(own_redis.client.pubsub_channels("asgi__group__t.*")) == 1
    assert own_redis.client.pubsub_channels("asgi__group__t.*") == []


async def test_a_checker_that_breaks_lets_nobody_in(cafe: Any, refused: set[Any]) -> None:
    def broken(_actor: Actor) -> bool:
        raise LookupError

    access.register_checker(name="broken", checker=broken)
    client = WebsocketCommunicator(
        TenantSocketMiddleware(URLRouter(websocket_urlpatterns)), PATH, headers=[(b"host", b"cafe.localhost")]
    )
    await client.connect(timeout=SECONDS)
    ticket = await sync_to_async(ticket_for)(cafe)
    await client.send_to(text_data=json.dumps({"type": "authenticate", "ticket": ticket}))
    assert await receive(client) == {"type": "close", "code": 4500}
    await client.disconnect()
