"""Deliveries over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import day, identifier
from fynlo.api.schema import page_of
from fynlo.core import clock
from pos.inventory.views.base import StockView
from pos.purchasing.queries.records import receipts, whole_order, whole_receipt
from pos.purchasing.queries.states import receipt_state
from pos.purchasing.serializers.receipts import OrderReceiptInput, ReceiptInput, ReceiptOutput
from pos.purchasing.services.receiving import receive


class PurchaseOrderReceiptsView(StockView):
    """What came of an order."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "stock.move"}
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("ReceiptPage", ReceiptOutput))
    def get(self, request: Request, purchase_id: UUID) -> Response:
        """The deliveries of the order."""
        order = whole_order(order_id=purchase_id)
        return Response(paginate(receipts(order_id=order.pk), request, receipt_state))

    @extend_schema(request=OrderReceiptInput, responses={201: ReceiptOutput})
    @idempotent
    def post(self, request: Request, purchase_id: UUID) -> Response:
        """Receive a delivery, all or part of what was ordered.

        The same `id` again answers the same receipt. 409 `already_done` says who received it before and when; 422
        `over_receipt` that it is more than ordered, unless `approve_over_receipt` by somebody who may.
        """
        del request, purchase_id
        state = receive(draft=self.body(OrderReceiptInput), actor=self.actor, at=clock.now())
        return Response(state, status=HTTPStatus.CREATED)


class GoodsReceiptsView(StockView):
    """What suppliers delivered."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "stock.move"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {
        "supplier_id",
        "location_id",
        "variant_id",
        "from_date",
        "to_date",
    }

    @extend_schema(responses=page_of("GoodsReceiptPage", ReceiptOutput))
    def get(self, request: Request) -> Response:
        """Deliveries, newest first: of a supplier, at a location, containing a variant, on business days."""
        found = receipts(
            supplier_id=identifier(self.query, "supplier_id"),
            location_id=identifier(self.query, "location_id"),
            variant_id=identifier(self.query, "variant_id"),
            from_date=day(self.query, "from_date"),
            to_date=day(self.query, "to_date"),
        )
        return Response(paginate(found, request, receipt_state, newest_first=True))

    @extend_schema(request=ReceiptInput, responses={201: ReceiptOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Receive what was bought without an order. The same `id` again answers the same receipt."""
        del request
        state = receive(draft=self.body(ReceiptInput), actor=self.actor, at=clock.now())
        return Response(state, status=HTTPStatus.CREATED)


class GoodsReceiptView(StockView):
    """A delivery."""

    permission: ClassVar[str | None] = "stock.read"

    @extend_schema(responses=ReceiptOutput)
    def get(self, request: Request, receipt_id: UUID) -> Response:
        """The delivery with its lines."""
        del request
        return Response(receipt_state(whole_receipt(receipt_id=receipt_id)))
