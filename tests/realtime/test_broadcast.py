"""Our PUBLISH against the channel layer's own reading: an upgrade that changes the format fails here."""

import uuid
from typing import Any

import msgpack
import pytest
from channels.layers import get_channel_layer

from fynlo.events.broker import BrokerError
from fynlo.realtime import broadcast as module
from fynlo.realtime.broadcast import broadcast
from fynlo.realtime.groups import group_name
from tests.redis_server import RedisServer

HERE = uuid.UUID("01920000-0000-7000-8000-0000000000aa")
ELSEWHERE = uuid.UUID("01920000-0000-7000-8000-0000000000bb")


async def received_by_a_group_member(publish: Any) -> dict[str, Any]:
    """What a member of the café's feed group gets of what `publish` sends."""
    layer = get_channel_layer()
    assert layer is not None
    try:
        channel = await layer.new_channel()
        await layer.group_add(group_name(HERE, "feed"), channel)
        publish()
        message: dict[str, Any] = await layer.receive(channel)
        return message
    finally:
        await layer.flush()


@pytest.mark.asyncio
async def test_a_group_member_receives_what_is_broadcast(own_redis: RedisServer) -> None:
    message = {"type": "feed.items", "items": [[1, "bell.rang", '{"é": 1}']]}
    assert (
        await received_by_a_group_member(lambda: broadcast(tenant_id=HERE, topic="feed", message=message))
        == message
    )


@pytest.mark.asyncio
async def test_the_channel_layer_itself_sends_the_same_bytes(own_redis: RedisServer) -> None:
    """The twin: what `group_send` puts on the wire is what we put there."""
    layer = get_channel_layer()
    assert layer is not None
    message = {"type": "feed.items", "items": [[1, "bell.rang", "x"]]}
    listener = own_redis.client.pubsub(ignore_subscribe_messages=True)
    listener.psubscribe("*")
    try:
        await layer.group_send(group_name(HERE, "feed"), message)
        broadcast(tenant_id=HERE, topic="feed", message=message)
        first, second = (_next_message(listener) for _ in range(2))
    finally:
        listener.close()
        await layer.flush()
    assert (first["channel"], first["data"]) == (second["channel"], second["data"])
    assert first["channel"] == f"{module._PREFIX}__group__{group_name(HERE, 'feed')}".encode()


@pytest.mark.asyncio
async def test_another_tenants_broadcast_is_not_received(own_redis: RedisServer) -> None:
    def publish() -> None:
        broadcast(tenant_id=ELSEWHERE, topic="feed", message={"type": "theirs"})
        broadcast(tenant_id=HERE, topic="feed", message={"type": "ours"})

    assert await received_by_a_group_member(publish) == {"type": "ours"}


def test_without_redis_the_caller_is_told(no_redis: None) -> None:
    with pytest.raises(BrokerError):
        broadcast(tenant_id=HERE, topic="feed", message={"type": "x"})


def _next_message(listener: Any) -> Any:
    while True:
        message = listener.get_message(timeout=5)
        if message is not None and message["type"] == "pmessage":
            assert msgpack.unpackb(message["data"])
            return message
