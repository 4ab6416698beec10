"""The relay: woken by nudges, saved by the sweep, and never held up by one reader or one tenant."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.db import connection

from fynlo.core.tenancy import TenantLike, tenant_context
from fynlo.events.delivery import lag
from fynlo.events.ear import Ear
from fynlo.events.facts import FeedItem
from fynlo.events.relay import Relay
from fynlo.events.subscriptions import Subscription
from fynlo.events.tasks import catch_up
from tests import database
from tests.events.facts import ring_at
from tests.redis_server import RedisServer

PATIENCE = 30.0
"""Seconds after which a test that waits for the relay gives up; a passing test waits for milliseconds."""
NEVER = 3600.0


class Heard:
    """A reader that remembers, may fail or hang, and can be waited for."""

    def __init__(self, name: str = "heard") -> None:
        self.subscription = Subscription(name=name, handler=self._hear)
        self.items: list[tuple[str, int]] = []
        self.fails_for: set[str] = set()
        self.failures = 0
        self.go_on = threading.Event()
        self.go_on.set()
        self._changed = threading.Condition()

    def _hear(self, items: list[FeedItem], tenant: TenantLike) -> None:
        self.go_on.wait()
        with self._changed:
            try:
                if tenant.schema_name in self.fails_for:
                    self.failures += 1
                    raise LookupError("this reader cannot")
                self.items.extend((tenant.schema_name, item.seq) for item in items)
            finally:
                self._changed.notify_all()

    def until(self, *expected: tuple[str, int]) -> None:
        """Wait until exactly these items were heard, in any order of the tenants."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.items) >= len(expected), PATIENCE), self.items
            assert sorted(self.items) == sorted(expected)

    def until_failed(self, times: int) -> None:
        """Wait until the reader has failed so often."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.failures >= times, PATIENCE)


@contextmanager
def relaying(*readers: Heard, sweep_seconds: float = NEVER) -> Iterator[Relay]:
    """A relay that runs for the length of the block, and has stopped after it."""
    relay = Relay(
        subscriptions=[each.subscription for each in readers], sweep_seconds=sweep_seconds, ear=Ear()
    )
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        yield relay
    finally:
        for each in readers:
            each.go_on.set()
        relay.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_what_is_there_at_the_start_and_what_is_nudged_later_is_handed_over(
    shared_cafe: Any, shared_grocer: Any, own_redis: RedisServer
) -> None:
    ring_at(shared_cafe, 1, 2)
    heard = Heard()
    with relaying(heard):
        heard.until(("t_cafe", 1), ("t_cafe", 2))
        ring_at(shared_grocer, 1)
        ring_at(shared_cafe, 3)
        heard.until(("t_cafe", 1), ("t_cafe", 2), ("t_cafe", 3), ("t_grocer", 1))
    with tenant_context(shared_cafe):
        assert lag(reader="heard") == 0


def test_without_redis_the_sweep_hands_everything_over(
    shared_cafe: Any, shared_grocer: Any, no_redis: None
) -> None:
    heard = Heard()
    with relaying(heard, sweep_seconds=0.05):
        ring_at(shared_cafe, 1)
        heard.until(("t_cafe", 1))
        ring_at(shared_grocer, 1)
        heard.until(("t_cafe", 1), ("t_grocer", 1))


def test_a_failing_reader_delays_no_other_reader(shared_cafe: Any, own_redis: RedisServer) -> None:
    bad, good = Heard("bad"), Heard("good")
    bad.fails_for = {"t_cafe"}
    with relaying(bad, good):
        for number in range(1, 4):
            ring_at(shared_cafe, number)
            good.until(*(("t_cafe", each) for each in range(1, number + 1)))
        bad.until_failed(1)
        bad.fails_for = set()
        bad.until(("t_cafe", 1), ("t_cafe", 2), ("t_cafe", 3))


def test_a_hanging_reader_delays_no_other_reader(shared_cafe: Any, own_redis: RedisServer) -> None:
    stuck, good = Heard("stuck"), Heard("good")
    stuck.go_on.clear()
    with relaying(stuck, good):
        ring_at(shared_cafe, 1)
        good.until(("t_cafe", 1))
        ring_at(shared_cafe, 2)
        good.until(("t_cafe", 1), ("t_cafe", 2))
        assert stuck.items == []
        stuck.go_on.set()
        stuck.until(("t_cafe", 1), ("t_cafe", 2))


def test_a_tenant_a_reader_fails_for_delays_no_other_tenant(
    shared_cafe: Any, shared_grocer: Any, own_redis: RedisServer
) -> None:
    heard = Heard()
    heard.fails_for = {"t_cafe"}
    with relaying(heard):
        ring_at(shared_cafe, 1)
        heard.until_failed(1)
        ring_at(shared_grocer, 1)
        heard.until(("t_grocer", 1))
        heard.until_failed(2)
        heard.fails_for = set()
        heard.until(("t_grocer", 1), ("t_cafe", 1))


def test_two_relays_hand_each_item_over_once(
    shared_cafe: Any, shared_grocer: Any, own_redis: RedisServer
) -> None:
    heard = Heard()
    with relaying(heard, sweep_seconds=0.02), relaying(heard, sweep_seconds=0.02):
        for number in range(1, 11):
            ring_at(shared_cafe, number)
            ring_at(shared_grocer, number)
        expected = [(schema, number) for schema in ("t_cafe", "t_grocer") for number in range(1, 11)]
        heard.until(*expected)
    assert sorted(heard.items) == sorted(expected)


def test_lost_database_connections_are_replaced_without_a_restart(
    shared_cafe: Any, own_redis: RedisServer
) -> None:
    heard = Heard()
    with relaying(heard, sweep_seconds=0.1):
        ring_at(shared_cafe, 1)
        heard.until(("t_cafe", 1))
        _until_noted(shared_cafe)
        _cut_every_connection()
        ring_at(shared_cafe, 2)
        heard.until(("t_cafe", 1), ("t_cafe", 2))


def test_a_database_that_is_away_for_a_while_is_waited_for(shared_cafe: Any, own_redis: RedisServer) -> None:
    heard = Heard()
    name = django_settings.DATABASES["default"]["NAME"]
    with relaying(heard, sweep_seconds=0.1):
        ring_at(shared_cafe, 1)
        heard.until(("t_cafe", 1))
        _until_noted(shared_cafe)
        with database.server_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        try:
            _cut_every_connection()
            with pytest.raises(psycopg2.OperationalError):
                psycopg2.connect(database.with_name(database.owner_url(), name))
        finally:
            with database.server_cursor() as cursor:
                cursor.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
        ring_at(shared_cafe, 2)
        heard.until(("t_cafe", 1), ("t_cafe", 2))


def test_a_redis_that_comes_back_is_listened_to_again(
    shared_cafe: Any, redis_of_this_test: RedisServer
) -> None:
    heard = Heard()
    with relaying(heard):
        ring_at(shared_cafe, 1)
        heard.until(("t_cafe", 1))
        redis_of_this_test.stop()
        ring_at(shared_cafe, 2)
        redis_of_this_test.start()
        heard.until(("t_cafe", 1), ("t_cafe", 2))


def test_catching_up_by_task_hands_over_what_is_left(in_cafe_committed: Any) -> None:
    assert catch_up.run(reader="realtime") == 3
    assert catch_up.run(reader="realtime") == 0


@pytest.fixture
def in_cafe_committed(shared_cafe: Any, own_redis: RedisServer) -> Iterator[Any]:
    """The café with three events that no reader has seen."""
    ring_at(shared_cafe, 1, 2, 3)
    with tenant_context(shared_cafe):
        yield shared_cafe


def _until_noted(tenant: TenantLike) -> None:
    """Wait until the cursor is committed too: a reader whose connection is cut before is handed the page again."""
    with tenant_context(tenant):
        while lag(reader="heard"):
            pass


def _cut_every_connection() -> None:
    """Terminate every backend of the run-time role in the test's database, the test's own included."""
    connection.close()
    name = django_settings.DATABASES["default"]["NAME"]
    other = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = user",
                [name],
            )
    finally:
        other.close()
