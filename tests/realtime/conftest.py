"""Fixtures of the sockets' tests: a Redis and a daphne of this session."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fynlo.core.tenancy import TenantLike, tenant_context
from fynlo.events.delivery import deliver
from fynlo.events.subscriptions import subscription
from fynlo.realtime import threads
from tests.committed import committed, shared_cafe, shared_grocer
from tests.realtime.daphne import Daphne, serving
from tests.redis_server import RedisServer, no_redis, own_redis, redis_of_this_test, session_redis

__all__ = [
    "committed",
    "no_redis",
    "own_redis",
    "redis_of_this_test",
    "session_redis",
    "shared_cafe",
    "shared_grocer",
]


@pytest.fixture(autouse=True)
def fresh_database_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process's socket threads begin without connections.

    Other tests replace the database, and Channels' test client switches off what would notice the old
    connections.
    """
    with ThreadPoolExecutor(4) as pool:
        monkeypatch.setattr(threads, "_pool", pool)
        yield


@pytest.fixture
def cafe(shared_cafe: Any) -> Any:
    """The café: here other processes look on, so everything is committed."""
    return shared_cafe


@pytest.fixture
def grocer(shared_grocer: Any) -> Any:
    """The grocer, likewise."""
    return shared_grocer


@pytest.fixture(scope="session")
def session_daphne(
    database_name: str, session_redis: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Daphne]:
    """This session's daphne; heartbeat and re-check every second."""
    log = tmp_path_factory.mktemp("daphne") / "daphne.log"
    with serving(database_name=database_name, redis_url=session_redis.url, log=log) as server:
        yield server


@pytest.fixture
def port(session_daphne: Daphne, own_redis: RedisServer) -> int:
    """The port of this session's daphne, with this test on the same Redis."""
    return session_daphne.port


def relay_once(tenant: TenantLike) -> int:
    """Hand the realtime reader its next page, as the relay would; how many items it got."""
    with tenant_context(tenant):
        return deliver(subscription=subscription("realtime")).count
