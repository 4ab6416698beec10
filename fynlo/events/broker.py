"""The connection to Redis for hints and tickets: short time-outs, one try again, never in a sale's way.

redis-py waits up to seconds between its default retries. Here a dead pooled connection is replaced once and
at once, so that a restarted Redis costs nothing; a Redis that hangs fails after twice `_SECONDS`, one that
refuses connections at once.
"""

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

_SECONDS = 1.0

BrokerError = redis.RedisError
"""What every call on the client may raise while Redis is away."""


def client() -> redis.Redis:
    """This process's client of `REDIS_URL`; safe to share between threads and to inherit by fork."""
    return _client(str(settings.REDIS_URL))


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=_SECONDS,
        socket_timeout=_SECONDS,
        retry=Retry(NoBackoff(), 1),
        health_check_interval=30,
    )
