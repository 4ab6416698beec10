"""Reservations over HTTP."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from pos.inventory.models.reservations import RESERVATION_KINDS
from pos.inventory.queries.reservations import reservations
from pos.inventory.serializers.reservations import (
    ReservationExtensionInput,
    ReservationInput,
    ReservationOutput,
)
from pos.inventory.services.reservations import extend_reservation, release_reservation, reserve
from pos.inventory.states import RESERVATION
from pos.inventory.views.base import StockView


class StockReservationsView(StockView):
    """Goods kept for somebody."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "orders.place"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {"kind", "location_id", "state", "variant_id"}

    @extend_schema(request=ReservationInput, responses={201: ReservationOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Keep goods until a time, for a parked ticket, an online cart or a special order.

        What may not be sold when it is not there cannot be kept either: 409 `out_of_stock`.
        """
        del request
        kept = reserve(draft=self.body(ReservationInput), actor=self.actor, at=clock.now())
        return Response(kept, status=HTTPStatus.CREATED)

    @extend_schema(responses=page_of("ReservationPage", ReservationOutput))
    def get(self, request: Request) -> Response:
        """Reservations in the order they were made."""
        found = reservations(
            location_id=identifier(self.query, "location_id"),
            variant_id=identifier(self.query, "variant_id"),
            state=choice(self.query, "state", known=RESERVATION.states),
            kind=choice(self.query, "kind", known=RESERVATION_KINDS),
        )
        return Response(paginate(found, request, ReservationOutput))


class StockReservationView(ApiView):
    """One reservation."""

    permission: ClassVar[str | None] = "stock.read"

    @extend_schema(responses=ReservationOutput)
    def get(self, request: Request, reservation_id: UUID) -> Response:
        """What is kept for whom."""
        del request
        kept: Any = reservations().filter(pk=reservation_id).first()
        if kept is None:
            raise NotFound("There is no such reservation.")
        return Response(ReservationOutput(kept).data)


class StockReservationExtendView(StockView):
    """Keeping goods for longer."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=ReservationExtensionInput, responses=ReservationOutput)
    @idempotent
    def post(self, request: Request, reservation_id: UUID) -> Response:
        """Keep them until another time, as long as they are kept at all."""
        del request
        expires_at = self.body(ReservationExtensionInput)
        kept = extend_reservation(reservation_id=reservation_id, expires_at=expires_at, at=clock.now())
        return Response(kept)


class StockReservationReleaseView(StockView):
    """Letting goods go."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=None, responses=ReservationOutput)
    @idempotent
    def post(self, request: Request, reservation_id: UUID) -> Response:
        """Keep them no longer; 409 `already_done` says who ended it and when."""
        del request
        kept = release_reservation(reservation_id=reservation_id, actor=self.actor, at=clock.now())
        return Response(kept)
