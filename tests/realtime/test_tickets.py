"""Tickets: thirty seconds, once, in their own tenant, and no secret in Redis."""

from typing import Any

import pytest

from fynlo.core.tenancy import TenantContextMissing, tenant_context
from fynlo.realtime import tickets
from tests.realtime.client import till
from tests.redis_server import RedisServer


def test_a_ticket_gives_back_the_actor_it_was_issued_for(in_cafe: Any, own_redis: RedisServer) -> None:
    actor = till(permissions=frozenset({"feed.read", "orders.place"}))
    assert tickets.redeem(secret=tickets.issue(actor=actor).secret) == actor


def test_a_ticket_works_once(in_cafe: Any, own_redis: RedisServer) -> None:
    secret = tickets.issue(actor=till()).secret
    assert tickets.redeem(secret=secret) is not None
    assert tickets.redeem(secret=secret) is None


def test_a_ticket_lives_for_thirty_seconds(in_cafe: Any, own_redis: RedisServer) -> None:
    ticket = tickets.issue(actor=till())
    assert ticket.expires_in == 30
    assert 29_000 < own_redis.client.pttl(tickets.key_of(ticket.secret)) <= 30_000
    own_redis.client.pexpire(tickets.key_of(ticket.secret), 1)
    while own_redis.client.exists(tickets.key_of(ticket.secret)):
        pass
    assert tickets.redeem(secret=ticket.secret) is None


def test_a_ticket_is_nothing_in_another_tenant_and_stays_good_in_its_own(
    cafe: Any, grocer: Any, own_redis: RedisServer
) -> None:
    with tenant_context(cafe):
        secret = tickets.issue(actor=till()).secret
    with tenant_context(grocer):
        assert tickets.redeem(secret=secret) is None
    with tenant_context(cafe):
        assert tickets.redeem(secret=secret) is not None


def test_a_ticket_moved_to_another_tenants_key_is_still_nothing(
    cafe: Any, grocer: Any, own_redis: RedisServer
) -> None:
    """Whoever can write to Redis still cannot turn a ticket of one merchant into one of another."""
    with tenant_context(cafe):
        secret = tickets.issue(actor=till()).secret
        here = tickets.key_of(secret)
    with tenant_context(grocer):
        own_redis.client.rename(here, tickets.key_of(secret))
        assert tickets.redeem(secret=secret) is None


def test_redis_never_sees_the_secret(in_cafe: Any, own_redis: RedisServer) -> None:
    own_redis.client.flushall()
    secret = tickets.issue(actor=till()).secret
    (key,) = own_redis.client.keys("*")
    assert key.startswith(b"t_cafe:ticket:")
    assert secret.encode() not in key + own_redis.client.get(key)
    assert len(secret) == 43


def test_an_unknown_ticket_is_nothing(in_cafe: Any, own_redis: RedisServer) -> None:
    assert tickets.redeem(secret="nobody-gave-me-this") is None


def test_there_are_no_tickets_outside_a_tenant(own_redis: RedisServer) -> None:
    with pytest.raises(TenantContextMissing):
        tickets.issue(actor=till())
    with pytest.raises(TenantContextMissing):
        tickets.redeem(secret="x")
