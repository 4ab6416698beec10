"""Fixtures of the device tests: limits are counted in this session's own Redis."""

import pytest

from fynlo.api import limits
from tests.redis_server import RedisServer, no_redis, own_redis, session_redis

__all__ = ["no_redis", "own_redis", "session_redis"]


@pytest.fixture(autouse=True)
def fresh_limits(own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has asked for anything yet."""
    own_redis.client.flushdb()
    monkeypatch.setattr(limits._Away, "until", 0.0)
