"""The channel layer while Redis is away, and the library's own as the twin."""

import pytest
from channels.layers import get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer

from fynlo.events.broker import BrokerError
from fynlo.realtime.layer import ChannelLayer
from tests.redis_server import RedisServer

pytestmark = pytest.mark.asyncio

NOBODY = {"hosts": ["redis://127.0.0.1:1/0"]}


async def queues_left_by_a_failure(layer: RedisPubSubChannelLayer) -> int:
    with pytest.raises(BrokerError):
        await layer.new_channel()
    left = len(layer.channels)
    await layer.flush()
    return left


async def test_a_socket_that_could_not_subscribe_leaves_nothing_behind() -> None:
    assert await queues_left_by_a_failure(ChannelLayer(**NOBODY)) == 0


async def test_twin_the_librarys_own_layer_keeps_a_queue_for_it() -> None:
    assert await queues_left_by_a_failure(RedisPubSubChannelLayer(**NOBODY)) == 1


async def test_a_channel_receives_what_is_sent_to_it(own_redis: RedisServer) -> None:
    layer = get_channel_layer()
    assert isinstance(layer, ChannelLayer)
    try:
        channel = await layer.new_channel()
        await layer.send(channel, {"type": "hello"})
        assert await layer.receive(channel) == {"type": "hello"}
    finally:
        await layer.flush()
