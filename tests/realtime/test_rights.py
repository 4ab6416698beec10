"""A socket does not outlive the right to listen (trap 43)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import DomainEvent, append, unit_of_work
from tests.committed import as_platform_owner
from tests.events.facts import ring_at
from tests.realtime.client import FeedClient, ticket_for, till
from tests.realtime.conftest import relay_once
from tests.realtime.daphne import Daphne


@dataclass(frozen=True)
class RightsChanged(DomainEvent):
    """Somebody's rights are others now."""

    kind: ClassVar[str] = "rights.changed"


def test_a_right_taken_away_closes_the_socket_at_the_next_check(
    cafe: Any, port: int, session_daphne: Daphne
) -> None:
    fired, stays = till(), till()
    with FeedClient(port) as client, FeedClient(port) as other:
        client.authenticate(ticket_for(cafe, fired))
        other.authenticate(ticket_for(cafe, stays))
        session_daphne.refuse(fired)
        assert client.close_code() == 4401
        ring_at(cafe, 1)
        assert other.positions(1) == [1]


def test_the_event_that_says_so_closes_it_at_once_and_is_not_shown(
    cafe: Any, port: int, session_daphne: Daphne
) -> None:
    fired, stays = till(), till()
    with FeedClient(port) as client, FeedClient(port) as other:
        client.authenticate(ticket_for(cafe, fired))
        other.authenticate(ticket_for(cafe, stays))
        session_daphne.refuse(fired)
        with tenant_context(cafe), unit_of_work():
            append(RightsChanged(entity_id=fired.id or fired.device_id))  # type: ignore[arg-type]
        ring_at(cafe, 2)
        relay_once(cafe)
        shown: list[Any] = []
        assert client.close_code(shown) == 4401
        assert [message["seq"] for message in shown if message["type"] == "event"] == []
        assert other.positions(2) == [1, 2]


def test_who_lost_the_right_between_ticket_and_first_message_is_not_let_in(
    cafe: Any, port: int, session_daphne: Daphne
) -> None:
    fired = till()
    ticket = ticket_for(cafe, fired)
    session_daphne.refuse(fired)
    with FeedClient(port) as client:
        assert client.send({"type": "authenticate", "ticket": ticket, "since": 0}).close_code() == 4401


def test_a_merchant_who_is_suspended_loses_their_sockets_and_nobody_else_does(
    cafe: Any, grocer: Any, port: int
) -> None:
    with FeedClient(port) as client, FeedClient(port, "grocer.localhost") as other:
        client.authenticate(ticket_for(cafe))
        other.authenticate(ticket_for(grocer))
        as_platform_owner("UPDATE tenants_tenant SET suspended_at = now() WHERE slug = 'cafe'")
        assert client.close_code() == 4401
        ring_at(grocer, 1)
        assert other.positions(1) == [1]
