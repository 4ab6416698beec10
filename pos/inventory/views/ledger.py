"""Stock over HTTP."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from pos.inventory.queries import stock_levels, stock_movements
from pos.inventory.serializers import StockLevelOutput, StockMovementOutput


class StockLevelsView(ApiView):
    """What is on hand."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"location_id", "variant_id"}

    @extend_schema(responses=page_of("StockLevelPage", StockLevelOutput))
    def get(self, request: Request) -> Response:
        """What is on hand of each variant that ever moved, by location."""
        found = stock_levels(
            location_id=identifier(self.query, "location_id"),
            variant_id=identifier(self.query, "variant_id"),
        )
        return Response(paginate(found, request, StockLevelOutput))


class StockMovementsView(ApiView):
    """What came and went."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"location_id", "order_id", "variant_id"}

    @extend_schema(responses=page_of("StockMovementPage", StockMovementOutput))
    def get(self, request: Request) -> Response:
        """Movements in the order they were recorded."""
        found = stock_movements(
            location_id=identifier(self.query, "location_id"),
            variant_id=identifier(self.query, "variant_id"),
            order_id=identifier(self.query, "order_id"),
        )
        return Response(paginate(found, request, StockMovementOutput))
