"""What is on hand and what moved, over HTTP."""

from typing import ClassVar, Final

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, day, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from pos.inventory.models import StockMovement
from pos.inventory.queries.ledger import STATES, LevelFilter, MovementFilter, stock_levels, stock_movements
from pos.inventory.serializers import StockLevelOutput, StockMovementOutput

_MOVEMENT_KEYS: Final = (
    "location_id",
    "variant_id",
    "order_id",
    "order_line_id",
    "document_id",
    "lot_id",
    "employee_id",
)


class StockLevelsView(ApiView):
    """What is on hand."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {
        "location_id",
        "variant_id",
        "category_id",
        "state",
        "search",
    }

    @extend_schema(responses=page_of("StockLevelPage", StockLevelOutput))
    def get(self, request: Request) -> Response:
        """What is on hand of each variant that ever moved, by location.

        `state` asks as a shopkeeper does: `in`, `out`, `negative`, `low` (at or below the reorder point), `over`
        (above the maximum), `reserved`, `in_transit`; `category_id` takes the categories below it along.
        """
        wanted = LevelFilter(
            location_id=identifier(self.query, "location_id"),
            variant_id=identifier(self.query, "variant_id"),
            category_id=identifier(self.query, "category_id"),
            state=choice(self.query, "state", known=STATES),
            text=self.query.get("search", "").strip(),
        )
        return Response(paginate(stock_levels(wanted=wanted), request, StockLevelOutput))


class StockMovementsView(ApiView):
    """What came and went."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {*_MOVEMENT_KEYS, "kind", "since", "until"}

    @extend_schema(responses=page_of("StockMovementPage", StockMovementOutput))
    def get(self, request: Request) -> Response:
        """Movements in the order they were recorded; business days from `since` on and before `until`."""
        wanted = MovementFilter(
            **{name: identifier(self.query, name) for name in _MOVEMENT_KEYS},
            kind=choice(self.query, "kind", known=StockMovement.KINDS),
            since=day(self.query, "since"),
            until=day(self.query, "until"),
        )
        return Response(paginate(stock_movements(wanted=wanted), request, StockMovementOutput))
