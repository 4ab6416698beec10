"""What is lost on the way is found again: hints, connections, Redis, the relay, the database."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgpack
import psycopg2
from django.db import connection

from fynlo.core.tenancy import platform_context, tenant_context
from fynlo.events.models import Cursor
from fynlo.realtime.groups import group_name
from tests import database
from tests.events.facts import ring_at
from tests.realtime.client import FeedClient, ticket_for
from tests.realtime.conftest import relay_once
from tests.realtime.daphne import serving
from tests.realtime.relay_process import relay_running
from tests.redis_server import RedisServer


def test_the_last_event_of_a_day_is_found_by_the_heartbeat(cafe: Any, port: int) -> None:
    """Nobody broadcasts it, and nothing comes after it that would show a gap."""
    with FeedClient(port) as client:
        client.authenticate(ticket_for(cafe))
        ring_at(cafe, 1)
        assert client.positions(1) == [1]


def test_a_gap_between_two_frames_is_filled_from_the_log(cafe: Any, port: int) -> None:
    with FeedClient(port) as client:
        client.authenticate(ticket_for(cafe))
        ring_at(cafe, 1)
        ring_at(cafe, 2, 3)
        with tenant_context(cafe):
            Cursor.objects.create(reader="realtime", position=3)  # the hints for 1 to 3 are lost
        ring_at(cafe, 4)
        assert relay_once(cafe) == 1
        assert client.positions(4) == [1, 2, 3, 4]


def test_a_redis_that_forgets_everything_loses_nothing(cafe: Any, port: int, own_redis: RedisServer) -> None:
    with FeedClient(port) as client:
        client.authenticate(ticket_for(cafe))
        for number in range(1, 21):
            ring_at(cafe, number)
            if number % 5 == 0:
                own_redis.client.flushall()
            relay_once(cafe)
        assert client.positions(20) == list(range(1, 21))


def test_cut_subscriptions_lose_nothing(cafe: Any, port: int, own_redis: RedisServer) -> None:
    with FeedClient(port) as client:
        client.authenticate(ticket_for(cafe))
        for number in range(1, 21):
            ring_at(cafe, number)
            if number % 5 == 0:
                own_redis.client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
            relay_once(cafe)
        assert client.positions(20) == list(range(1, 21))
        ring_at(cafe, 21)
        relay_once(cafe)
        assert client.positions(1) == [21]


def test_cut_database_connections_lose_nothing(cafe: Any, port: int) -> None:
    with FeedClient(port) as client:
        client.authenticate(ticket_for(cafe))
        ring_at(cafe, 1)
        assert client.positions(1) == [1]
        _cut_database_connections_of_others()
        ring_at(cafe, 2)
        assert client.positions(1) == [2]


def test_a_redis_that_is_away_for_a_while_loses_nothing_and_needs_no_restart(
    cafe: Any, database_name: str, redis_of_this_test: RedisServer, tmp_path: Path
) -> None:
    redis = redis_of_this_test
    with (
        serving(database_name=database_name, redis_url=redis.url, log=tmp_path / "daphne.log") as server,
        FeedClient(server.port) as client,
    ):
        client.authenticate(ticket_for(cafe))
        ring_at(cafe, 1)
        relay_once(cafe)
        assert client.positions(1) == [1]
        redis.stop()
        ring_at(cafe, 2)
        assert client.positions(1) == [2]
        with FeedClient(server.port) as newcomer:
            assert newcomer.close_code() == 4503
        redis.start()
        _wait_for_subscription(redis, cafe)
        ring_at(cafe, 3)
        relay_once(cafe)
        assert client.positions(1) == [3]
        with FeedClient(server.port) as newcomer:
            newcomer.authenticate(ticket_for(cafe))
            assert newcomer.positions(3) == [1, 2, 3]


def test_from_commit_to_socket_through_a_real_relay(
    cafe: Any, grocer: Any, database_name: str, port: int, own_redis: RedisServer, tmp_path: Path
) -> None:
    relay = relay_running(
        database_name=database_name, redis_url=own_redis.url, log=tmp_path / "relay.log", sweep_seconds=1
    )
    with relay as process, FeedClient(port) as client, FeedClient(port, "grocer.localhost") as other:
        client.authenticate(ticket_for(cafe))
        other.authenticate(ticket_for(grocer))
        for number in range(1, 4):
            ring_at(cafe, number)
            ring_at(grocer, number + 100)
            assert [event["data"]["times"] for event in client.events(1)] == [number]
            assert [event["data"]["times"] for event in other.events(1)] == [number + 100]
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.stdout is not None
        assert process.stdout.read() == b"relay: stopped\n"
    with tenant_context(cafe):
        assert Cursor.objects.get(reader="realtime").position == 3


def test_a_relay_killed_between_sending_and_noting_it_sends_again_and_the_socket_shows_it_once(
    cafe: Any, database_name: str, port: int, own_redis: RedisServer, tmp_path: Path
) -> None:
    listener = own_redis.client.pubsub(ignore_subscribe_messages=True)
    listener.subscribe(f"asgi__group__{group_name(cafe.id, 'feed')}")
    listener.get_message(timeout=5)
    options = {"database_name": database_name, "redis_url": own_redis.url, "sweep_seconds": 1}
    with FeedClient(port) as client:
        client.authenticate(ticket_for(cafe))
        with _cursor_updates_blocked(database_name):
            with relay_running(log=tmp_path / "first.log", **options) as first:  # type: ignore[arg-type]
                ring_at(cafe, 1)
                assert _next_hint(listener) == [1]
                assert client.positions(1) == [1]
                first.kill()
                assert first.wait(60) == -signal.SIGKILL
            _cut_database_connections_of_others()  # the server notices a dead client only when it next speaks
        with relay_running(log=tmp_path / "second.log", **options):  # type: ignore[arg-type]
            assert _next_hint(listener) == [1]
            ring_at(cafe, 2)
            assert client.positions(1) == [2]
    listener.close()
    with tenant_context(cafe):
        assert Cursor.objects.get(reader="realtime").position >= 1


@contextmanager
def _cursor_updates_blocked(database_name: str) -> Iterator[None]:
    """Whoever moves the café's cursor waits until the block ends: the moment between sending and noting."""
    owner = psycopg2.connect(database.with_name(database.owner_url(), database_name))
    owner.autocommit = True
    try:
        with owner.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(4711)")
            cursor.execute(
                "CREATE FUNCTION t_cafe.wait_for_the_test() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER wait_for_the_test BEFORE UPDATE ON t_cafe.events_cursor "
                "FOR EACH ROW EXECUTE FUNCTION t_cafe.wait_for_the_test()"
            )
            try:
                yield
            finally:
                cursor.execute("DROP FUNCTION t_cafe.wait_for_the_test() CASCADE")
    finally:
        owner.close()


def _cut_database_connections_of_others() -> None:
    """Terminate every backend of the run-time role in the test's database, the test's own excepted."""
    with platform_context(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = user AND pid <> pg_backend_pid()"
        )


def _next_hint(listener: Any) -> list[int]:
    """The positions of the next broadcast."""
    while (message := listener.get_message(timeout=30)) is None:
        pass
    return [seq for seq, _, _ in msgpack.unpackb(message["data"])["items"]]


def _wait_for_subscription(redis: RedisServer, tenant: Any) -> None:
    channel = f"asgi__group__{group_name(tenant.id, 'feed')}".encode()
    while channel not in redis.client.pubsub_channels():
        pass
