"""Alerts over HTTP."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from pos.inventory.models.alerts import ALERT_KINDS
from pos.inventory.queries.alerts import AlertFilter, stock_alerts
from pos.inventory.serializers.lots import StockAlertOutput


class StockAlertsView(ApiView):
    """What somebody should look at."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {
        "kind",
        "location_id",
        "variant_id",
        "category_id",
        "open",
    }

    @extend_schema(responses=page_of("StockAlertPage", StockAlertOutput))
    def get(self, request: Request) -> Response:
        """Alerts, the newest first: `low`, `out`, `over`, `expiring` (by lot) and `dead`.

        `open` is `true` (what still is), `false` (what was) or, not given, both; `category_id` takes the
        categories below it along.
        """
        is_open = choice(self.query, "open", known=("true", "false"))
        wanted = AlertFilter(
            kind=choice(self.query, "kind", known=ALERT_KINDS),
            location_id=identifier(self.query, "location_id"),
            variant_id=identifier(self.query, "variant_id"),
            category_id=identifier(self.query, "category_id"),
            is_open=None if is_open is None else is_open == "true",
        )
        return Response(paginate(stock_alerts(wanted=wanted), request, StockAlertOutput, newest_first=True))
