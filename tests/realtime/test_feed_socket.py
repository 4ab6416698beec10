"""The feed socket end to end: real daphne, real Redis, real PostgreSQL, somebody else's client."""

from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from fynlo.core.tenancy import tenant_context
from fynlo.realtime import tickets
from fynlo.realtime.broadcast import broadcast
from tests.events.facts import ring_at
from tests.realtime.client import FeedClient, ticket_for, till
from tests.realtime.conftest import relay_once
from tests.redis_server import RedisServer

# --- what is sent ---


def test_events_arrive_live_with_the_feeds_own_envelope(cafe: Any, port: int) -> None:
    with FeedClient(port) as client:
        assert client.authenticate(ticket_for(cafe)) == 0
        ring_at(cafe, 7, 8)
        relay_once(cafe)
        first, second = client.events(2)
    assert first.keys() == {"type", "seq", "txn", "t", "id", "at", "data"}
    assert (first["seq"], first["t"], first["data"]) == (1, "bell.rang", {"times": 7})
    assert (second["seq"], second["txn"]) == (2, first["txn"])


def test_since_brings_everything_after_it_and_then_what_happens(cafe: Any, port: int) -> None:
    for number in range(5):
        ring_at(cafe, number)
    with FeedClient(port) as client:
        assert client.authenticate(ticket_for(cafe), since=2) == 5
        assert client.positions(3) == [3, 4, 5]
        ring_at(cafe, 5)
        relay_once(cafe)
        assert client.positions(1) == [6]


def test_without_since_only_what_happens_from_now_on_is_sent(cafe: Any, port: int) -> None:
    ring_at(cafe, 1, 2)
    with FeedClient(port) as client:
        assert client.authenticate(ticket_for(cafe), since=None) == 2
        ring_at(cafe, 3)
        relay_once(cafe)
        assert client.positions(1) == [3]


def test_what_happened_while_disconnected_is_sent_on_reconnect(cafe: Any, port: int) -> None:
    with FeedClient(port) as client:
        client.authenticate(ticket_for(cafe))
        ring_at(cafe, 0)
        relay_once(cafe)
        assert client.positions(1) == [1]
    for number in range(1, 250):
        ring_at(cafe, number)
    relay_once(cafe)
    with FeedClient(port) as client:
        assert client.authenticate(ticket_for(cafe), since=1) == 250
        assert client.positions(249) == list(range(2, 251))


def test_two_sockets_of_a_tenant_get_the_same_and_another_tenants_get_their_own(
    cafe: Any, grocer: Any, port: int
) -> None:
    with FeedClient(port) as first, FeedClient(port) as second, FeedClient(port, "grocer.localhost") as other:
        for client, tenant in ((first, cafe), (second, cafe), (other, grocer)):
            client.authenticate(ticket_for(tenant))
        ring_at(cafe, 1, 2)
        ring_at(grocer, 99)
        for tenant in (cafe, grocer):
            relay_once(tenant)
        assert first.events(2) == second.events(2)
        assert [event["data"] for event in other.events(1)] == [{"times": 99}]
        assert other.heartbeat()["head"] == 1


def test_a_page_handed_out_twice_is_shown_once(cafe: Any, port: int) -> None:
    ring_at(cafe, 1)
    with FeedClient(port) as client:
        client.authenticate(ticket_for(cafe))
        assert client.positions(1) == [1]
        relay_once(cafe)  # the position was sent from the log already
        body = [[1, "bell.rang", '{"type": "event", "seq": 1}']]
        broadcast(tenant_id=cafe.id, topic="feed", message={"type": "feed.items", "items": body})
        ring_at(cafe, 2)
        relay_once(cafe)
        assert client.positions(1) == [2]


def test_a_broadcast_that_claims_what_never_happened_shows_nothing(cafe: Any, port: int) -> None:
    ring_at(cafe, 1)
    with FeedClient(port) as client:
        client.authenticate(ticket_for(cafe))
        assert client.positions(1) == [1]
        body = [[500, "bell.rang", '{"type": "event", "seq": 500}']]
        broadcast(tenant_id=cafe.id, topic="feed", message={"type": "feed.items", "items": body})
        ring_at(cafe, 2)
        relay_once(cafe)
        assert client.positions(1) == [2]


def test_a_message_of_a_newer_release_does_not_end_the_socket(cafe: Any, port: int) -> None:
    with FeedClient(port) as client:
        client.authenticate(ticket_for(cafe))
        broadcast(tenant_id=cafe.id, topic="feed", message={"type": "feed.rewritten", "from": 3})
        ring_at(cafe, 1)
        relay_once(cafe)
        assert client.positions(1) == [1]


# --- who is let in ---


def test_a_ticket_opens_one_socket(cafe: Any, port: int) -> None:
    ticket = ticket_for(cafe)
    with FeedClient(port) as client:
        client.authenticate(ticket)
    with FeedClient(port) as client:
        assert client.send({"type": "authenticate", "ticket": ticket, "since": 0}).close_code() == 4401


def test_a_ticket_of_another_tenant_opens_nothing_and_stays_good_at_home(
    cafe: Any, grocer: Any, port: int
) -> None:
    ticket = ticket_for(grocer)
    with FeedClient(port) as client:
        assert client.send({"type": "authenticate", "ticket": ticket, "since": 0}).close_code() == 4401
    with FeedClient(port, "grocer.localhost") as client:
        assert client.authenticate(ticket) == 0


def test_a_ticket_that_has_expired_opens_nothing(cafe: Any, port: int, own_redis: RedisServer) -> None:
    ticket = ticket_for(cafe)
    with tenant_context(cafe):
        own_redis.client.delete(tickets.key_of(ticket))  # what Redis does when its time is up
    with FeedClient(port) as client:
        assert client.send({"type": "authenticate", "ticket": ticket, "since": 0}).close_code() == 4401


def test_a_ticket_without_the_right_to_read_the_feed_opens_nothing(cafe: Any, port: int) -> None:
    ticket = ticket_for(cafe, till(permissions=frozenset({"orders.place"})))
    with FeedClient(port) as client:
        assert client.send({"type": "authenticate", "ticket": ticket, "since": 0}).close_code() == 4401


def test_a_made_up_ticket_opens_nothing(cafe: Any, port: int) -> None:
    with FeedClient(port) as client:
        message = {"type": "authenticate", "ticket": "t_cafe:ticket:*", "since": 0}
        assert client.send(message).close_code() == 4401


def test_who_says_nothing_is_shown_out(cafe: Any, port: int) -> None:
    with FeedClient(port) as client:
        assert client.close_code() == 4408


# --- what is not understood ---


@pytest.mark.parametrize(
    "message",
    [
        "hello",
        "[1, 2]",
        "[" * 3000,
        '{"type": "authenticate"',
        {"type": "subscribe", "group": "t.other.feed"},
        {"type": "authenticate"},
        {"type": "authenticate", "ticket": "x", "since": -1},
        {"type": "authenticate", "ticket": "x", "since": "0"},
        {"type": "authenticate", "ticket": "x", "group": "t.other.feed"},
        {"type": "authenticate", "ticket": "x" * 5000},
        b'{"type": "authenticate", "ticket": "x", "since": 0}',
        b"",
        "",
    ],
    ids=lambda message: str(message)[:40],
)
def test_a_first_message_of_another_shape_closes_the_socket(cafe: Any, port: int, message: Any) -> None:
    with FeedClient(port) as client:
        assert client.send(message).close_code() == 4400


def test_a_position_the_feed_never_gave_out_closes_the_socket(cafe: Any, port: int) -> None:
    ring_at(cafe, 1)
    with FeedClient(port) as client:
        message = {"type": "authenticate", "ticket": ticket_for(cafe), "since": 2}
        assert client.send(message).close_code() == 4400


@pytest.mark.parametrize("message", ["{}", '{"type": "ping"}', b"\x00"])
def test_a_second_message_of_any_kind_closes_the_socket(cafe: Any, port: int, message: Any) -> None:
    with FeedClient(port) as client:
        client.authenticate(ticket_for(cafe))
        assert client.send(message).close_code() == 4400


def test_a_message_beyond_the_servers_limit_is_not_even_read_to_its_end(cafe: Any, port: int) -> None:
    """daphne drops the connection at 1 MiB; there is no close frame then, hence 1006."""
    with FeedClient(port) as client:
        with suppress(ConnectionClosed):
            client.send("x" * 3_000_000)
        assert client.close_code() == 1006
