"""Orders that are still open: tickets, changes, steps, payments, and their end."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from pos.orders.queries.changes import change_document, changes_of
from pos.orders.queries.tickets import TICKET_STATES, open_orders
from pos.orders.serializers import OrderOutput
from pos.orders.serializers.change_outputs import OrderChangeOutput
from pos.orders.serializers.changes import (
    CancelInput,
    ChangesInput,
    FulfilmentInput,
    PaymentsInput,
    TicketInput,
)
from pos.orders.services.cancelling import cancel_order
from pos.orders.services.changes import change_order
from pos.orders.services.paying import pay_order
from pos.orders.services.steps import place_ticket, step_order
from pos.orders.services.tickets import open_ticket
from pos.orders.views.pin_counting import pins_counted
from pos.orders.views.tags import answer_order, matcher

_IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of the order as it was read. Needed unless all changes are of kind `add`.",
)


class TicketsView(ApiView):
    """Open orders, shared by the devices of a location."""

    permissions: ClassVar = {"GET": "orders.read", "POST": "orders.place"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {"location_id", "state"}

    @extend_schema(request=TicketInput, responses={201: OrderOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Open a ticket. It has a number and a price; no money and no goods move before it is placed."""
        del request
        draft, approval = self.body(TicketInput)
        whole = open_ticket(draft=draft, actor=self.actor, at=clock.now(), approval=approval)
        return answer_order(whole, status=HTTPStatus.CREATED)

    @extend_schema(
        parameters=[
            OpenApiParameter("location_id", OpenApiTypes.UUID),
            OpenApiParameter("state", str, enum=list(TICKET_STATES)),
        ],
        responses=page_of("TicketPage", OrderOutput),
    )
    def get(self, request: Request) -> Response:
        """What is open, the oldest first: of the device's location unless another is named.

        `state`: `draft` for what is not placed yet, `placed` for what is and is neither completed nor cancelled.
        """
        location_id = identifier(self.query, "location_id") or self.actor.location_id
        found = open_orders(location_id=location_id, state=choice(self.query, "state", known=TICKET_STATES))
        return Response(paginate(found, request, OrderOutput))


class OrderChangesView(ApiView):
    """What is on an open order, and what became of it."""

    permissions: ClassVar = {"GET": "orders.read", "POST": "orders.place"}
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("OrderChangePage", OrderChangeOutput))
    def get(self, request: Request, order_id: UUID) -> Response:
        """Every change since the order was made, the oldest first."""
        return Response(paginate(changes_of(order_id=order_id), request, change_document))

    @extend_schema(parameters=[_IF_MATCH], request=ChangesInput, responses=OrderOutput)
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """Change an open order, all changes or none; the whole basket is priced again.

        428 without `If-Match` where one is needed, 412 when the order has changed since it was read. Changes that
        only add need none: of two waiters who add at once, neither loses anything.
        """
        whole = change_order(
            order_id=order_id,
            changes=self.body(ChangesInput),
            actor=self.actor,
            at=clock.now(),
            matches=matcher(request, order_id=order_id),
        )
        return answer_order(whole)


class OrderPlaceView(ApiView):
    """From a ticket to an order."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=None, responses=OrderOutput)
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """Place a ticket: what is on it is owed from now on, and its goods leave the shelf."""
        del request
        return answer_order(place_ticket(order_id=order_id, actor=self.actor, at=clock.now()))


class OrderFulfilmentView(ApiView):
    """How far an order is."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=FulfilmentInput, responses=OrderOutput)
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """Prepare, make ready, serve or complete it; 409 `illegal_transition` says what is possible instead."""
        del request
        event = self.body(FulfilmentInput)
        return answer_order(step_order(order_id=order_id, event=event, actor=self.actor, at=clock.now()))


class OrderCancelView(ApiView):
    """The end of an order that was not paid."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=CancelInput, responses=OrderOutput)
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """Cancel it: nothing of it is owed any more. What was paid is refunded first."""
        del request
        draft = self.body(CancelInput)
        return answer_order(cancel_order(order_id=order_id, draft=draft, actor=self.actor, at=clock.now()))


class OrderPaymentsView(ApiView):
    """Paying an open order."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=PaymentsInput, responses=OrderOutput)
    @pins_counted
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """Take tenders for it, all of what is due or a part; a ticket is placed by it.

        Paid in full it gets its receipt number, at the till where it is paid.
        """
        del request
        draft = self.body(PaymentsInput)
        return answer_order(pay_order(order_id=order_id, draft=draft, actor=self.actor, at=clock.now()))
