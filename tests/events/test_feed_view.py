"""`GET /api/v1/feed`: pages of the feed, for those who may read it."""

import json
from typing import Any

import pytest
from rest_framework.test import APIRequestFactory, force_authenticate

from fynlo.core.actors import Actor
from fynlo.events.views import FeedView
from tests.events.facts import ring
from tests.realtime.client import till


def get(query: str = "", *, actor: Actor | None = None) -> tuple[int, dict[str, Any]]:
    """Status and body of one request."""
    request = APIRequestFactory().get(f"/api/v1/feed{query}")
    if actor is not None:
        force_authenticate(request, user=actor, token=actor)  # type: ignore[arg-type]
    response = FeedView.as_view()(request)
    if hasattr(response, "render"):
        response.render()
    return response.status_code, json.loads(response.content)


def test_a_page_says_where_it_ends_and_whether_there_is_more(in_cafe: Any) -> None:
    ring(1)
    ring(2, 3)
    ring(4)
    status, page = get("?after=1&limit=1", actor=till())
    assert status == 200
    assert [item["seq"] for item in page["items"]] == [2, 3]
    assert {name: page[name] for name in ("after", "next", "head", "more")} == {
        "after": 1,
        "next": 3,
        "head": 4,
        "more": True,
    }
    assert page["items"][0].keys() == {"seq", "txn", "t", "id", "at", "data"}


def test_without_parameters_it_starts_at_the_beginning(in_cafe: Any) -> None:
    ring(1, 2)
    _, page = get(actor=till())
    assert ([item["seq"] for item in page["items"]], page["more"]) == ([1, 2], False)


def test_at_the_end_there_is_an_empty_page(in_cafe: Any) -> None:
    ring(1)
    assert get("?after=1", actor=till()) == (
        200,
        {"after": 1, "next": 1, "head": 1, "more": False, "items": []},
    )


def test_a_position_the_feed_never_gave_out_is_a_conflict(in_cafe: Any) -> None:
    ring(1)
    status, problem = get("?after=2", actor=till())
    assert (status, problem["code"], problem["head"]) == (409, "feed_position_ahead", 1)


@pytest.mark.parametrize(
    "query",
    ["?after=-1", "?after=x", "?after=1.0", "?limit=0", "?limit=1001", "?since=1", "?after=1&after=2"],
)
def test_a_parameter_of_another_shape_is_refused(in_cafe: Any, query: str) -> None:
    status, problem = get(query, actor=till())
    assert (status, problem["code"]) == (400, "invalid_query")


def test_who_may_not_read_the_feed_gets_none(in_cafe: Any) -> None:
    ring(1)
    assert get(actor=till(permissions=frozenset({"orders.place"})))[0] == 403
    assert get()[0] == 401
