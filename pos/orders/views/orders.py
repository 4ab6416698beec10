"""Orders and quotes over HTTP."""

from http import HTTPStatus
from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.etags import answer_tagged
from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier, integer
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.returns import stock_returns
from pos.inventory.views.base import StockView
from pos.orders.documents import order_document
from pos.orders.queries import Favourite, favourites, whole_order
from pos.orders.quotes import quote
from pos.orders.serializers import FavouritesOutput, OrderInput, OrderOutput, QuoteInput, QuoteOutput
from pos.orders.serializers.change_outputs import OrderPageOutput
from pos.orders.serializers.returns import StockReturnInput, StockReturnOutput
from pos.orders.services import place_order
from pos.orders.services.returns import return_goods
from pos.orders.views.pin_counting import pins_counted
from pos.orders.views.searching import SEARCH_DESCRIBED, SEARCH_PARAMETERS, searched, told_period
from pos.orders.views.tags import order_tag

MOST_FAVOURITES: Final = 100


class QuotesView(ApiView):
    """What a basket costs right now. Saves nothing, so it needs no idempotency key."""

    permission: ClassVar[str | None] = "orders.place"
    allowed_when_read_only: ClassVar[bool] = True  # it only looks
    query_parameters: ClassVar = frozenset({"explain"})

    @extend_schema(request=QuoteInput, responses=QuoteOutput)
    def post(self, request: Request) -> Response:
        """Price a basket as an order would be, now or at `placed_at`; `explain=true` tells every step."""
        del request
        wanted = choice(self.query, "explain", known=("true", "false")) == "true"
        draft = self.body(QuoteInput)
        return Response(quote(draft=draft, actor=self.actor, at=clock.now(), explained=wanted))


class OrdersView(ApiView):
    """Orders: placing and listing."""

    permissions: ClassVar = {"GET": "orders.read", "POST": "orders.place"}
    query_parameters: ClassVar = PAGE_PARAMETERS | SEARCH_PARAMETERS

    @extend_schema(request=OrderInput, responses={201: OrderOutput})
    @pins_counted
    @idempotent
    def post(self, request: Request) -> Response:
        """Record a sale that happened at this till.

        The server prices it. What is odd about it is flagged, not refused.
        """
        del request
        whole = place_order(draft=self.body(OrderInput), actor=self.actor, at=clock.now())
        return Response(order_document(whole), status=HTTPStatus.CREATED)

    @extend_schema(parameters=SEARCH_DESCRIBED, responses=OrderPageOutput)
    def get(self, request: Request) -> Response:
        """Orders, the newest first, each whole; those that are looked for, if something is said of them.

        Numbers are found however old they are. Texts, amounts and cards are looked for in a period: the last 92
        days unless `from` and `to` (both included) name one of 400 days at most; `searched` says which it was.
        """
        found = searched(self.query, today=clock.now().date())
        page = paginate(found.orders, request, OrderOutput, newest_first=True)
        return Response({**page, **told_period(found)})


class OrderView(ApiView):
    """One order."""

    permission: ClassVar[str | None] = "orders.read"

    @extend_schema(responses=OrderOutput)
    def get(self, request: Request, order_id: UUID) -> HttpResponse:
        """The order, whole; its `ETag` is what a change needs."""
        whole = whole_order(order_id=order_id)
        tag = order_tag(order_id=order_id, revision=whole.order.revision)
        return answer_tagged(request, tag=tag, build=lambda: order_document(whole))


class StockReturnsView(StockView):
    """Goods of orders that came back."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "stock.move"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {"order_id"}

    @extend_schema(request=StockReturnInput, responses={201: StockReturnOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Take goods of an order back, whole or in part, onto the shelf or to be thrown away.

        Each part of a line comes back once; the same return again is answered with what it was.
        """
        del request
        made = return_goods(draft=self.body(StockReturnInput), actor=self.actor, at=clock.now())
        return Response(made, status=HTTPStatus.CREATED)

    @extend_schema(responses=page_of("StockReturnPage", StockReturnOutput))
    def get(self, request: Request) -> Response:
        """Returns in the order they were made, of one order if said."""
        found = stock_returns(order_id=identifier(self.query, "order_id"))
        return Response(paginate(found, request, StockReturnOutput))


class FavouritesView(ApiView):
    """What a register sells most."""

    permission: ClassVar[str | None] = "orders.read"
    query_parameters: ClassVar = frozenset({"limit"})

    @extend_schema(responses=FavouritesOutput)
    def get(self, request: Request, register_id: UUID) -> Response:
        """The variants in most orders of the last 30 trading days; `limit` is 1 to 100 (20 unless given)."""
        del request
        limit = integer(self.query, "limit", default=20, minimum=1, maximum=MOST_FAVOURITES)
        found = favourites(register_id=register_id, at=clock.now(), limit=limit)
        return Response({"items": [_favourite(each) for each in found]})


def _favourite(found: Favourite) -> dict[str, Any]:
    return {
        "variant_id": str(found.variant_id),
        "item_id": str(found.item_id),
        "sku": found.sku,
        "name": found.name,
        "unit": found.unit,
        "order_count": found.order_count,
        "quantity": plain_quantity(found.quantity),
    }
