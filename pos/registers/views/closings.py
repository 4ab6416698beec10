"""X, Z, and how far counts were from what should have been there, over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.errors import InvalidQuery
from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import day, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from fynlo.core.tenancy import current_tenant
from pos.registers.queries.closings import (
    closing,
    closing_document,
    closing_head,
    closings,
    late_entries,
)
from pos.registers.queries.variances import drawer_variances
from pos.registers.serializers import (
    ClosingHeadOutput,
    ClosingOutput,
    DrawerVariancesOutput,
    XReportOutput,
)
from pos.registers.services.closings import close_register
from pos.registers.services.x_reports import x_report


class XReportView(ApiView):
    """What a register did since its last Z."""

    permission: ClassVar[str | None] = "registers.read"

    @extend_schema(responses=XReportOutput)
    def get(self, request: Request, register_id: UUID) -> Response:
        """The X, at any time; nothing is written. Amounts are null where a count must stay blind."""
        del request
        return Response(x_report(register_id=register_id, actor=self.actor, at=clock.now()))


class RegisterClosingsView(ApiView):
    """Closing a register that has no open drawer."""

    permission: ClassVar[str | None] = "registers.close"
    allowed_when_read_only: ClassVar[bool] = True

    @extend_schema(request=None, responses={201: ClosingOutput})
    @idempotent
    def post(self, request: Request, register_id: UUID) -> Response:
        """Write the Z. Where a drawer is open, closing that writes it."""
        del request
        document = close_register(register_id=register_id, actor=self.actor, at=clock.now())
        return Response(document, status=HTTPStatus.CREATED)


class ClosingsView(ApiView):
    """Z after Z."""

    permission: ClassVar[str | None] = "registers.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"register_id", "location_id", "business_date"}

    @extend_schema(responses=page_of("ClosingPage", ClosingHeadOutput))
    def get(self, request: Request) -> Response:
        """The closings, the newest first."""
        found = closings(
            register_id=identifier(self.query, "register_id"),
            location_id=identifier(self.query, "location_id"),
            business_date=day(self.query, "business_date"),
        )
        return Response(paginate(found, request, closing_head, newest_first=True))


class ClosingView(ApiView):
    """One Z."""

    permission: ClassVar[str | None] = "registers.read"

    @extend_schema(responses=ClosingOutput)
    def get(self, request: Request, closing_id: UUID) -> Response:
        """The Z with its figures, and what came late to it."""
        del request
        found = closing(closing_id=closing_id)
        if found is None or found.late_number is not None:
            raise NotFound("There is no such closing.")
        return Response(closing_document(found, late=late_entries(closing=found)))


class DrawerVariancesView(ApiView):
    """Over and short by person."""

    permission: ClassVar[str | None] = "registers.approve"
    query_parameters: ClassVar = frozenset({"from", "to", "location_id"})

    @extend_schema(responses=DrawerVariancesOutput)
    def get(self, request: Request) -> Response:
        """The drawers that were closed from `from` to `to` (business dates, both included), by who answered."""
        del request
        first, last = day(self.query, "from"), day(self.query, "to")
        if first is None or last is None:
            name = "from" if first is None else "to"
            raise InvalidQuery.of(name, "required", "State the first and the last day.")
        people = drawer_variances(
            first=first,
            last=last,
            location_id=identifier(self.query, "location_id"),
            currency=current_tenant().currency,
        )
        return Response({"people": people})
