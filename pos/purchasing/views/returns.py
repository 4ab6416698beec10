"""Returns to suppliers, and what deliveries cost beyond their price, over HTTP."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import identifier
from fynlo.api.schema import page_of
from fynlo.core import clock
from pos.inventory.views.base import StockView
from pos.purchasing.models import LandedCost
from pos.purchasing.queries.records import (
    landed_costs,
    returns,
    reverted_by,
    whole_landed_cost,
    whole_return,
)
from pos.purchasing.queries.states import landed_state, return_state
from pos.purchasing.serializers.receipts import (
    LandedCostInput,
    LandedCostOutput,
    LandedCostRevertInput,
    SupplierReturnInput,
    SupplierReturnOutput,
)
from pos.purchasing.services.landing import land_cost, revert_cost
from pos.purchasing.services.returning import send_back


class SupplierReturnsView(StockView):
    """What went back."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "stock.move"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {"supplier_id", "location_id", "variant_id"}

    @extend_schema(responses=page_of("SupplierReturnPage", SupplierReturnOutput))
    def get(self, request: Request) -> Response:
        """Returns, newest first: to a supplier, from a location, containing a variant."""
        found = returns(
            supplier_id=identifier(self.query, "supplier_id"),
            location_id=identifier(self.query, "location_id"),
            variant_id=identifier(self.query, "variant_id"),
        )
        return Response(paginate(found, request, return_state, newest_first=True))

    @extend_schema(request=SupplierReturnInput, responses={201: SupplierReturnOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Send goods back, of one delivery or several of one supplier; 422 `over_return` beyond what is left."""
        del request
        state = send_back(draft=self.body(SupplierReturnInput), actor=self.actor, at=clock.now())
        return Response(state, status=HTTPStatus.CREATED)


class SupplierReturnView(StockView):
    """A return."""

    permission: ClassVar[str | None] = "stock.read"

    @extend_schema(responses=SupplierReturnOutput)
    def get(self, request: Request, return_id: UUID) -> Response:
        """The return with its lines."""
        del request
        return Response(return_state(whole_return(return_id=return_id)))


class LandedCostsView(StockView):
    """What deliveries cost beyond their price, or other than first stated."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "stock.approve"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {"receipt_id"}

    @extend_schema(responses=page_of("LandedCostPage", LandedCostOutput))
    def get(self, request: Request) -> Response:
        """Costs, newest first; those a delivery bears a share of."""
        found = landed_costs(receipt_id=identifier(self.query, "receipt_id"))
        return Response(paginate(found, request, _listed, newest_first=True))

    @extend_schema(request=LandedCostInput, responses={201: LandedCostOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Share a cost by value, weight or quantity, to the last minor unit, or as stated line by line.

        Kind `invoice` with basis `stated` and `unit_cost_minor` says what lines were invoiced at.
        """
        del request
        state = land_cost(draft=self.body(LandedCostInput), actor=self.actor, at=clock.now())
        return Response(state, status=HTTPStatus.CREATED)


class LandedCostView(StockView):
    """A cost of deliveries."""

    permission: ClassVar[str | None] = "stock.read"

    @extend_schema(responses=LandedCostOutput)
    def get(self, request: Request, cost_id: UUID) -> Response:
        """The cost with who bears what of it."""
        del request
        cost = whole_landed_cost(cost_id=cost_id)
        return Response(landed_state(cost, reverted_by=reverted_by(cost_id=cost_id)))


class LandedCostRevertView(StockView):
    """Taking a cost back."""

    permission: ClassVar[str | None] = "stock.approve"

    @extend_schema(request=LandedCostRevertInput, responses={201: LandedCostOutput})
    @idempotent
    def post(self, request: Request, cost_id: UUID) -> Response:
        """Take it back with all its shares, once; answers what takes it back."""
        del request
        state = revert_cost(
            cost_id=cost_id, revert_id=self.body(LandedCostRevertInput), actor=self.actor, at=clock.now()
        )
        return Response(state, status=HTTPStatus.CREATED)


def _listed(cost: LandedCost) -> dict[str, Any]:
    return landed_state(cost, reverted_by=getattr(cost, "reversed_by", None))
