"""Reports about orders over HTTP."""

from typing import ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.query import choice, identifier
from fynlo.api.views import ApiView
from fynlo.core.tenancy import current_tenant
from payments.ledger.periods import PERIOD_PARAMETERS, PERIOD_SCHEMA, period_asked
from pos.orders.queries.taxes import BY, tax_report
from pos.orders.serializers.reports import TaxReportOutput, tax_report_document


class TaxReportView(ApiView):
    """Taxes of a period."""

    permission: ClassVar[str | None] = "ledger.read"
    query_parameters: ClassVar = PERIOD_PARAMETERS | {"location_id", "by"}

    @extend_schema(
        operation_id="reports_taxes",
        parameters=[
            *PERIOD_SCHEMA,
            OpenApiParameter("by", str, enum=BY, description="The whole period unless said."),
            OpenApiParameter("location_id", OpenApiTypes.UUID),
        ],
        responses=TaxReportOutput,
    )
    def get(self, request: Request) -> Response:
        """What is owed of each tax at each rate: sales less refunds, and what the books have of it."""
        del request
        rows = tax_report(
            period=period_asked(self.query),
            by=choice(self.query, "by", known=BY) or "period",
            location_id=identifier(self.query, "location_id"),
        )
        return Response(tax_report_document(rows, currency=current_tenant().currency))
