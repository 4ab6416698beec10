"""The feed over HTTP: what a till pulls, and what a socket would have sent."""

from typing import ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.query import integer
from fynlo.api.views import ApiView
from fynlo.events.errors import FeedPositionAhead
from fynlo.events.log import head, read_after
from fynlo.events.serializers import FeedPageOutput

DEFAULT_LIMIT = 200
MAX_LIMIT = 1000


class FeedView(ApiView):
    """Pages of the merchant's feed in commit order."""

    permission: ClassVar[str | None] = "feed.read"
    query_parameters: ClassVar[frozenset[str]] = frozenset({"after", "limit"})

    @extend_schema(
        operation_id="feed_read",
        parameters=[
            OpenApiParameter(
                "after", OpenApiTypes.INT, description="The last position you have; 0 at first."
            ),
            OpenApiParameter(
                "limit",
                OpenApiTypes.INT,
                description=f"1 to {MAX_LIMIT}, {DEFAULT_LIMIT} unless given. A page may be longer: it never "
                "ends inside a transaction.",
            ),
        ],
        responses=FeedPageOutput,
    )
    def get(self, request: Request) -> Response:
        """What happened after a position."""
        del request
        after = integer(self.query, "after", default=0)
        limit = integer(self.query, "limit", default=DEFAULT_LIMIT, minimum=1, maximum=MAX_LIMIT)
        items = read_after(after, limit=limit)
        reached = head()  # read after the page, so it is never behind it
        if after > reached:
            raise FeedPositionAhead(f"The feed has come to {reached}.", head=reached)
        following = items[-1].seq if items else after
        return Response(
            {
                "after": after,
                "next": following,
                "head": reached,
                "more": following < reached,
                "items": [item.envelope() for item in items],
            }
        )
