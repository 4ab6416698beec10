"""The books over HTTP, for reading."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import day, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core.tenancy import current_tenant
from payments.ledger.periods import AS_OF_SCHEMA, PERIOD_PARAMETERS, PERIOD_SCHEMA, period_asked
from payments.ledger.queries import account_statement, transfers, trial_balance
from payments.ledger.serializers import (
    AccountStatementOutput,
    TransferOutput,
    TrialBalanceOutput,
    statement_document,
    trial_balance_document,
)


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
    query_parameters: ClassVar = PERIOD_PARAMETERS | {"as_of"}

    @extend_schema(parameters=[*PERIOD_SCHEMA, AS_OF_SCHEMA], responses=TrialBalanceOutput)
    def get(self, request: Request) -> Response:
        """Every account with its sums; the balances add up to zero.

        Of the days `from` … `to`, both counted, or of everything up to the day `as_of`.
        """
        del request
        balances = trial_balance(period_asked(self.query))
        return Response(trial_balance_document(balances, currency=current_tenant().currency))


class StatementView(ApiView):
    """One account over a period."""

    permission: ClassVar[str | None] = "ledger.read"
    query_parameters: ClassVar = PERIOD_PARAMETERS

    @extend_schema(parameters=PERIOD_SCHEMA, responses=AccountStatementOutput)
    def get(self, request: Request, ledger_account_id: UUID) -> Response:
        """What it stood at, every transfer with the balance after it, what it stands at."""
        del request
        found = account_statement(account_id=ledger_account_id, period=period_asked(self.query))
        return Response(statement_document(found, currency=current_tenant().currency))
