"""Orders to suppliers over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier
from fynlo.api.schema import page_of
from fynlo.core import clock
from fynlo.core.tenancy import current_tenant
from pos.inventory.views.base import StockView
from pos.purchasing.queries.records import STATES, orders, whole_order
from pos.purchasing.queries.states import order_state, order_summary
from pos.purchasing.serializers.orders import (
    ConfirmationInput,
    PurchaseOrderChangeInput,
    PurchaseOrderInput,
    PurchaseOrderOutput,
    PurchaseOrderSummaryOutput,
    ReasonInput,
)
from pos.purchasing.services.lifecycle import cancel_order, close_order, confirm_order, send_order
from pos.purchasing.services.orders import change_order, create_order


class PurchaseOrdersView(StockView):
    """What is ordered from suppliers."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "stock.order"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {
        "state",
        "supplier_id",
        "location_id",
        "variant_id",
        "late",
    }

    @extend_schema(responses=page_of("PurchaseOrderPage", PurchaseOrderSummaryOutput))
    def get(self, request: Request) -> Response:
        """Orders, newest first: in a `state` (`open`: on their way), of a supplier, for a location, containing a
        variant, `late=true`: expected before today and not all there."""
        is_late = choice(self.query, "late", known=("true",)) is not None
        today = clock.now().astimezone(ZoneInfo(current_tenant().time_zone)).date()
        found = orders(
            state=choice(self.query, "state", known=STATES),
            supplier_id=identifier(self.query, "supplier_id"),
            location_id=identifier(self.query, "location_id"),
            variant_id=identifier(self.query, "variant_id"),
            late_on=today if is_late else None,
        )
        return Response(paginate(found, request, order_summary, newest_first=True))

    @extend_schema(request=PurchaseOrderInput, responses={201: PurchaseOrderOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Write a draft. What lines do not say is taken from how the supplier sells the variant."""
        del request
        state = create_order(draft=self.body(PurchaseOrderInput), actor=self.actor, at=clock.now())
        return Response(state, status=HTTPStatus.CREATED)


class PurchaseOrderView(StockView):
    """An order."""

    permissions: ClassVar = {"GET": "stock.read", "PUT": "stock.order"}

    @extend_schema(responses=PurchaseOrderOutput)
    def get(self, request: Request, purchase_id: UUID) -> Response:
        """The order with its lines and its history."""
        del request
        return Response(order_state(whole_order(order_id=purchase_id)))

    @extend_schema(request=PurchaseOrderChangeInput, responses=PurchaseOrderOutput)
    def put(self, request: Request, purchase_id: UUID) -> Response:
        """Replace a draft; 409 `already_done` once it was sent."""
        del request, purchase_id
        return Response(
            change_order(draft=self.body(PurchaseOrderChangeInput), actor=self.actor, at=clock.now())
        )


class PurchaseOrderSendView(StockView):
    """Ordering."""

    permission: ClassVar[str | None] = "stock.order"

    @extend_schema(request=None, responses=PurchaseOrderOutput)
    @idempotent
    def post(self, request: Request, purchase_id: UUID) -> Response:
        """Say that the draft was ordered. Sending a letter is another step (`/email`)."""
        del request
        return Response(send_order(order_id=purchase_id, actor=self.actor, at=clock.now()))


class PurchaseOrderConfirmView(StockView):
    """The supplier's answer."""

    permission: ClassVar[str | None] = "stock.order"

    @extend_schema(request=ConfirmationInput, responses=PurchaseOrderOutput)
    @idempotent
    def post(self, request: Request, purchase_id: UUID) -> Response:
        """Note what the supplier said will come, and when. May be noted again when they say otherwise."""
        del request
        state = confirm_order(
            order_id=purchase_id,
            confirmation=self.body(ConfirmationInput),
            actor=self.actor,
            at=clock.now(),
        )
        return Response(state)


class PurchaseOrderCancelView(StockView):
    """Giving an order up."""

    permission: ClassVar[str | None] = "stock.order"

    @extend_schema(request=ReasonInput, responses=PurchaseOrderOutput)
    @idempotent
    def post(self, request: Request, purchase_id: UUID) -> Response:
        """Cancel an order of which nothing came."""
        del request
        state = cancel_order(
            order_id=purchase_id, reason=self.body(ReasonInput), actor=self.actor, at=clock.now()
        )
        return Response(state)


class PurchaseOrderCloseView(StockView):
    """Giving the rest of an order up."""

    permission: ClassVar[str | None] = "stock.order"

    @extend_schema(request=ReasonInput, responses=PurchaseOrderOutput)
    @idempotent
    def post(self, request: Request, purchase_id: UUID) -> Response:
        """Say that the rest of a partly received order is not coming."""
        del request
        state = close_order(
            order_id=purchase_id, reason=self.body(ReasonInput), actor=self.actor, at=clock.now()
        )
        return Response(state)
