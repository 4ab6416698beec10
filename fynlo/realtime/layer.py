"""The pub/sub channel layer, minus a leak: a socket that could not subscribe leaves no queue behind.

The library notes the queue before it asks Redis. While Redis is away every client comes back again and again,
and each time one queue would stay for ever.
"""

import uuid

from channels_redis.pubsub import RedisPubSubChannelLayer


class ChannelLayer(RedisPubSubChannelLayer):  # type: ignore[misc]
    """channels_redis' pub/sub layer; see the module's text."""

    async def new_channel(self, prefix: str = "specific.") -> str:
        """A channel of this process; raises `redis.RedisError` when Redis is away."""
        layer = self._get_layer()
        channel = f"{layer.prefix}{prefix}{uuid.uuid4().hex}"
        try:
            await layer._subscribe_to_channel(channel)  # noqa: SLF001  what the library's own method does
        except BaseException:
            layer.channels.pop(channel, None)
            raise
        return channel
