"""The books over HTTP, for reading."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import day, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core.tenancy import current_tenant
from payments.ledger.queries import transfers, trial_balance
from payments.ledger.serializers import TransferOutput, TrialBalanceOutput, trial_balance_document


class TransfersView(ApiView):
    """The postings."""

    permission: ClassVar[str | None] = "ledger.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"order_id", "business_date"}

    @extend_schema(responses=page_of("TransferPage", TransferOutput))
    def get(self, request: Request) -> Response:
        """Transfers in the order they were booked."""
        found = transfers(
            order_id=identifier(self.query, "order_id"),
            business_date=day(self.query, "business_date"),
        )
        return Response(paginate(found, request, TransferOutput))


class TrialBalanceView(ApiView):
    """Whether the books balance."""

    permission: ClassVar[str | None] = "ledger.read"

    @extend_schema(responses=TrialBalanceOutput)
    def get(self, request: Request) -> Response:
        """Every account with its sums; the balances add up to zero."""
        del request
        return Response(trial_balance_document(trial_balance(), currency=current_tenant().currency))
