"""Orders and quotes over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.etags import tagged
from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import day, identifier
from fynlo.api.renderers import dumps
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.tenancy import current_tenant
from pos.orders.basket import price_basket
from pos.orders.documents import order_document, quote_document
from pos.orders.queries import orders, whole_order
from pos.orders.serializers import OrderInput, OrderOutput, QuoteInput, QuoteOutput
from pos.orders.services import place_order


class QuotesView(ApiView):
    """What a basket costs right now. Saves nothing, so it needs no idempotency key."""

    permission: ClassVar[str | None] = "orders.place"
    allowed_when_read_only: ClassVar[bool] = True  # it only looks

    @extend_schema(request=QuoteInput, responses=QuoteOutput)
    def post(self, request: Request) -> Response:
        """Price a basket at the catalogue's prices of this moment."""
        del request
        lines = self.body(QuoteInput)
        basket = price_basket(lines=lines, currency=current_tenant().currency)
        return Response(quote_document(basket=basket, line_ids=[line.id for line in lines]))


class OrdersView(ApiView):
    """Orders: placing and listing."""

    permissions: ClassVar = {"GET": "orders.read", "POST": "orders.place"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {"business_date", "register_id"}

    @extend_schema(request=OrderInput, responses={201: OrderOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Record a sale that happened at this till.

        The server prices it. What is odd about it is flagged, not refused.
        """
        del request
        whole = place_order(draft=self.body(OrderInput), actor=self.actor, at=clock.now())
        return Response(order_document(whole), status=HTTPStatus.CREATED)

    @extend_schema(responses=page_of("OrderPage", OrderOutput))
    def get(self, request: Request) -> Response:
        """Orders, the newest first, each whole."""
        found = orders(
            business_date=day(self.query, "business_date"),
            register_id=identifier(self.query, "register_id"),
        )
        return Response(paginate(found, request, OrderOutput, newest_first=True))


class OrderView(ApiView):
    """One order."""

    permission: ClassVar[str | None] = "orders.read"

    @extend_schema(responses=OrderOutput)
    def get(self, request: Request, order_id: UUID) -> HttpResponse:
        """The order, whole, under an `ETag` of its content."""
        document = order_document(whole_order(order_id=order_id))
        return tagged(request, version=dumps(document), build=lambda: document)
