"""Theoretical against actual use, over HTTP."""

from typing import ClassVar, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.query import identifier
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.tenancy import current_tenant
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.usage import UsageFilter, stock_usage, usage_totals
from pos.inventory.serializers.usage import UsageReportOutput, usage_document
from pos.inventory.views.periods import asked_period

MOST_ROWS: Final = 1000


class StockUsageView(ApiView):
    """What should have been used against what was."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = frozenset({"from", "to", "location_id", "category_id", "q"})

    @extend_schema(
        parameters=[
            OpenApiParameter("from", OpenApiTypes.DATE, description="First business day."),
            OpenApiParameter("to", OpenApiTypes.DATE, description="Last business day."),
            OpenApiParameter("location_id", OpenApiTypes.UUID),
            OpenApiParameter("category_id", OpenApiTypes.UUID),
            OpenApiParameter("q", str, description="Part of the item's name or the SKU."),
        ],
        responses=UsageReportOutput,
    )
    def get(self, request: Request) -> Response:
        """Every variant from shelf to shelf on some business days (the last seven unless said)."""
        del request
        first, last = asked_period(self.query, today=clock.now().date())
        rows = stock_usage(
            wanted=UsageFilter(
                first=first,
                last=last,
                location_id=identifier(self.query, "location_id"),
                category_id=identifier(self.query, "category_id"),
                text=self.query.get("q"),
            )
        )
        totals = usage_totals(rows)
        return Response(
            {
                "first_day": first.isoformat(),
                "last_day": last.isoformat(),
                "currency": current_tenant().currency,
                "totals": {name: plain_quantity(value) for name, value in totals.items()},
                "items": [usage_document(row) for row in rows[:MOST_ROWS]],
                "left_out": max(0, len(rows) - MOST_ROWS),
            }
        )
