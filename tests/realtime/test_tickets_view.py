"""`POST /api/v1/realtime/tickets`: the answer opens one socket."""

import json
from typing import Any

from rest_framework.test import APIRequestFactory, force_authenticate

from fynlo.core.actors import Actor
from fynlo.core.tenancy import tenant_context
from fynlo.realtime.views import TicketsView
from tests.realtime.client import FeedClient, till
from tests.redis_server import RedisServer


def post(actor: Actor | None, *, body: str = "", query: str = "") -> tuple[int, dict[str, Any]]:
    """Status and body of one request."""
    request = APIRequestFactory().post(
        f"/api/v1/realtime/tickets{query}", data=body, content_type="application/json"
    )
    if actor is not None:
        force_authenticate(request, user=actor, token=actor)  # type: ignore[arg-type]
    response = TicketsView.as_view()(request)
    if hasattr(response, "render"):
        response.render()
    return response.status_code, json.loads(response.content)


def test_a_ticket_opens_the_socket_it_names(cafe: Any, port: int) -> None:
    with tenant_context(cafe):
        status, answer = post(till())
    assert (status, answer["expires_in"]) == (201, 30)
    with FeedClient(port, path=answer["path"]) as client:
        assert client.authenticate(answer["ticket"]) == 0


def test_every_request_gets_another_ticket(cafe: Any, own_redis: RedisServer) -> None:
    actor = till()
    with tenant_context(cafe):
        assert post(actor)[1]["ticket"] != post(actor)[1]["ticket"]


def test_who_may_not_read_the_feed_gets_no_ticket(cafe: Any, own_redis: RedisServer) -> None:
    with tenant_context(cafe):
        assert post(till(permissions=frozenset({"orders.place"})))[0] == 403
        assert post(None)[0] == 401
        assert post(till(), query="?group=t.other.feed")[0] == 400


def test_without_redis_the_caller_is_asked_to_come_back(cafe: Any, no_redis: None) -> None:
    with tenant_context(cafe):
        status, problem = post(till())
    assert (status, problem["code"]) == (503, "redis_unavailable")
