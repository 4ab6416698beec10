"""Fixtures of the log's tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fynlo.events import nudge
from tests import redis_server
from tests.redis_server import RedisServer


@pytest.fixture(scope="session")
def session_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """This session's own Redis."""
    with redis_server.running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def own_redis(session_redis: RedisServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> RedisServer:
    """`settings.REDIS_URL` is this session's own Redis."""
    settings.REDIS_URL = session_redis.url
    monkeypatch.setattr(nudge._Pause, "until", 0.0)
    return session_redis


@pytest.fixture
def redis_of_this_test(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RedisServer]:
    """A Redis the test may stop and start."""
    with redis_server.running(tmp_path) as server:
        settings.REDIS_URL = server.url
        monkeypatch.setattr(nudge._Pause, "until", 0.0)
        yield server


@pytest.fixture
def no_redis(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`settings.REDIS_URL` names a port nobody listens on."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(nudge._Pause, "until", 0.0)
