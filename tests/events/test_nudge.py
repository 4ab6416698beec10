"""The hint after COMMIT: sent once, never before, and never in a sale's way."""

from typing import Any

import pytest
import structlog

from fynlo.core.tenancy import tenant_context
from fynlo.events import nudge
from fynlo.events.ear import Ear
from fynlo.events.log import append, head, unit_of_work
from tests.events.facts import rang, ring
from tests.redis_server import RedisServer


def connected_ear() -> Ear:
    """An ear whose subscription is confirmed."""
    ear = Ear()
    while not ear.listen(seconds=5).reconnected:
        pass
    return ear


def test_a_commit_nudges_once_with_its_schema(
    shared_cafe: Any, shared_grocer: Any, own_redis: RedisServer
) -> None:
    ear = connected_ear()
    for tenant in (shared_cafe, shared_grocer):
        with tenant_context(tenant):
            ring(1, 2, 3)
    heard = ear.listen(seconds=5).schemas
    assert heard | ear.listen(seconds=0.1).schemas == {"t_cafe", "t_grocer"}
    ear.close()


def test_nothing_is_heard_before_the_commit_or_of_a_unit_that_failed(
    shared_cafe: Any, own_redis: RedisServer
) -> None:
    ear = connected_ear()

    def fail() -> None:
        with unit_of_work():
            append(rang(1))
            assert ear.listen(seconds=0.05).schemas == frozenset()
            raise LookupError

    with tenant_context(shared_cafe):
        with pytest.raises(LookupError):
            fail()
        with unit_of_work():
            pass
    assert ear.listen(seconds=0.05).schemas == frozenset()
    ear.close()


def test_without_redis_the_sale_is_committed_and_the_failure_is_logged_once(
    shared_cafe: Any, no_redis: None
) -> None:
    with structlog.testing.capture_logs() as lines, tenant_context(shared_cafe):
        ring(1)
        ring(2)
        assert head() == 2
    assert [(line["event"], line["schema"]) for line in lines] == [("nudge_failed", "t_cafe")]


def test_an_ear_hears_again_after_redis_was_away_and_says_that_it_was_deaf(
    redis_of_this_test: RedisServer,
) -> None:
    ear = connected_ear()
    redis_of_this_test.stop()
    with structlog.testing.capture_logs() as lines:
        assert ear.listen(seconds=0.05).schemas == frozenset()
        assert ear.listen(seconds=0.05).schemas == frozenset()
    assert [line["event"] for line in lines] == ["nudges_lost"]
    redis_of_this_test.start()
    while not ear.listen(seconds=0.1).reconnected:
        pass
    nudge.send("t_cafe")
    assert ear.listen(seconds=5).schemas == {"t_cafe"}
    ear.close()


def test_an_ear_whose_connection_was_cut_reconnects_and_says_so(own_redis: RedisServer) -> None:
    ear = connected_ear()
    own_redis.client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    while not ear.listen(seconds=1).reconnected:
        pass
    nudge.send("t_grocer")
    assert ear.listen(seconds=5).schemas == {"t_grocer"}
    ear.close()
