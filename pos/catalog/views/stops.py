"""Stopping what has run out ("86"), over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from pos.catalog.queries.stops import stop_document, stops
from pos.catalog.serializers.stops import StopInput, StopOutput
from pos.catalog.services.stops import lift, stop


class StopsView(ApiView):
    """What is stopped."""

    permissions: ClassVar = {"GET": "catalog.read", "POST": "catalog.stop"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {"location_id"}

    @extend_schema(responses=page_of("StopPage", StopOutput))
    def get(self, request: Request) -> Response:
        """The stops in force now; with `location_id`, those of it and those that hold everywhere."""
        found = stops(at=clock.now(), location_id=identifier(self.query, "location_id"))
        return Response(paginate(found, request, stop_document))

    @extend_schema(request=StopInput, responses={201: StopOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Stop an item or a variant. Every till hears of it at once; the same stop again changes nothing."""
        del request
        document = stop(draft=self.body(StopInput), actor=self.actor, at=clock.now())
        return Response(document, status=HTTPStatus.CREATED)


class StopLiftView(ApiView):
    """Letting it go on."""

    permission: ClassVar[str | None] = "catalog.stop"

    @extend_schema(request=None, responses=StopOutput)
    @idempotent
    def post(self, request: Request, stop_id: UUID) -> Response:
        """End a stop; answers it as it was. 404 when another till was first."""
        del request
        return Response(lift(stop_id=stop_id, actor=self.actor, at=clock.now()))
