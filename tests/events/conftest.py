"""Fixtures of the log's tests."""

from tests.committed import committed, shared_cafe, shared_grocer
from tests.redis_server import no_redis, own_redis, redis_of_this_test, session_redis

__all__ = [
    "committed",
    "no_redis",
    "own_redis",
    "redis_of_this_test",
    "session_redis",
    "shared_cafe",
    "shared_grocer",
]
