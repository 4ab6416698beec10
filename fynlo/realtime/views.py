"""Tickets over HTTP: where a client gets the right to open the feed socket."""

from http import HTTPStatus
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.views import ApiView
from fynlo.realtime import tickets
from fynlo.realtime.access import PERMISSION
from fynlo.realtime.serializers import TicketOutput

FEED_PATH = "/ws/v1/feed"


class TicketsView(ApiView):
    """Tickets for the feed socket.

    No idempotency key: the answer is a secret and must not be stored, and a second ticket does no harm (each
    is good for 30 seconds and for one socket). A merchant who may only read may still listen.
    """

    permission: ClassVar[str | None] = PERMISSION
    allowed_when_read_only: ClassVar[bool] = True

    @extend_schema(operation_id="realtime_ticket", request=None, responses={201: TicketOutput})
    def post(self, request: Request) -> Response:
        """A ticket for one socket."""
        del request
        ticket = tickets.issue(actor=self.actor)
        body = {"ticket": ticket.secret, "expires_in": ticket.expires_in, "path": FEED_PATH}
        return Response(body, status=HTTPStatus.CREATED)
