"""Limits are exact under concurrency, apart per merchant and caller, and never a reason to stand still."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import RequestFactory

from fynlo.api import limits
from fynlo.core.errors import TooManyRequests
from fynlo.core.tenancy import TenantContextMissing, run_in_tenant, tenant_context
from fynlo.events.broker import client
from tests.redis_server import RedisServer, no_redis, own_redis, session_redis

__all__ = ["no_redis", "own_redis", "session_redis"]

FIVE = limits.Limit(name="five", count=5, seconds=60)
AT_ONCE = 100


@pytest.fixture
def empty_redis(own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> RedisServer:
    """This session's own Redis, with nothing counted."""
    own_redis.client.flushdb()
    monkeypatch.setattr(limits._Away, "until", 0.0)
    return own_redis


def passes(limit: limits.Limit, *who: str) -> bool:
    try:
        limits.take(limit, *who)
    except TooManyRequests:
        return False
    return True


def at_once(tenant: Any, call: Callable[[], bool]) -> int:
    """How many of a hundred calls that start together are let through."""
    barrier = threading.Barrier(AT_ONCE)

    def one() -> bool:
        barrier.wait()
        return run_in_tenant(tenant, call)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(future.result() for future in [pool.submit(one) for _ in range(AT_ONCE)])


def test_of_a_hundred_at_once_exactly_the_limit_passes(cafe: Any, empty_redis: RedisServer) -> None:
    fifty = limits.Limit(name="fifty", count=50, seconds=60)
    assert at_once(cafe, lambda: passes(fifty, "a")) == 50


def test_the_twin_that_reads_before_it_writes_lets_more_pass(cafe: Any, empty_redis: RedisServer) -> None:
    have_read = threading.Barrier(AT_ONCE)

    def read_then_write() -> bool:
        count = int(client().get("naive") or 0)
        have_read.wait()
        client().set("naive", count + 1)
        return count < 50

    assert at_once(cafe, read_then_write) == AT_ONCE


def test_the_refusal_says_when_to_come_back(in_cafe: Any, empty_redis: RedisServer) -> None:
    for _ in range(5):
        limits.take(FIVE, "a")
    with pytest.raises(TooManyRequests) as refused:
        limits.take(FIVE, "a")
    assert 59 <= refused.value.retry_after <= 60
    assert 59_000 < empty_redis.client.pttl("t_cafe:limit:five:a") <= 60_000


def test_callers_merchants_and_limits_are_counted_apart(
    cafe: Any, grocer: Any, empty_redis: RedisServer
) -> None:
    one = limits.Limit(name="one", count=1, seconds=60)
    other = limits.Limit(name="other", count=1, seconds=60)
    with tenant_context(cafe):
        assert [passes(one, "a"), passes(one, "a"), passes(one, "b"), passes(other, "a")] == [
            True,
            False,
            True,
            True,
        ]
    with tenant_context(grocer):
        assert passes(one, "a")


def test_what_is_given_back_may_be_taken_again(in_cafe: Any, empty_redis: RedisServer) -> None:
    for _ in range(20):
        limits.take(FIVE, "a")
        limits.give_back(FIVE, "a")
    assert empty_redis.client.get("t_cafe:limit:five:a") == b"0"
    limits.give_back(FIVE, "nobody")
    assert empty_redis.client.get("t_cafe:limit:five:nobody") is None


def test_a_limit_without_a_merchant_is_a_mistake(empty_redis: RedisServer) -> None:
    with pytest.raises(TenantContextMissing):
        limits.take(FIVE, "a")


@pytest.mark.usefixtures("no_redis")
def test_without_redis_everything_passes_and_redis_is_not_asked_again_at_once(
    in_cafe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits._Away, "until", 0.0)
    assert all(passes(FIVE, "a") for _ in range(20))
    assert limits._Away.until > 0


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        (0, "192.0.2.1", "", "192.0.2.1"),
        (0, "192.0.2.1", "203.0.113.9", "192.0.2.1"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "198.51.100.66, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1", "198.51.100.66, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "203.0.113.9:51234", "203.0.113.9"),
        (1, "10.0.0.1", "[2001:db8:1:2::5]:443", "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:ffff::1", "", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
        (0, "fe80::1%eth0", "", "fe80::/64"),
        (0, "", "", "unknown"),
        (1, "10.0.0.1", "t_grocer:limit", "unknown"),
    ],
)
def test_an_address_is_believed_as_far_as_our_own_proxies_wrote_it(
    settings: Any, proxies: int, peer: str, forwarded: str, address: str
) -> None:
    settings.FYNLO_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert limits.client_address(request) == address
