"""Papers of refunds, drawers and closings over HTTP."""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from fynlo.api.errors import InvalidQuery
from fynlo.api.query import day
from fynlo.core import clock
from pos.receipts.answers import answer
from pos.receipts.queries import (
    Asked,
    closing_sheet,
    drawer_slip,
    refund_receipt,
    statement_sheet,
    training_receipt,
    x_sheet,
)
from pos.receipts.serializers.outputs import SalesReceiptOutput, SheetOutput
from pos.receipts.views.base import PAPER_PARAMETERS, PaperView, origin, papers


class RefundReceiptView(PaperView):
    """The receipt of a refund."""

    permission: ClassVar[str | None] = "orders.read"

    @extend_schema(parameters=PAPER_PARAMETERS, responses=papers(SalesReceiptOutput))
    def get(self, request: Request, refund_id: UUID) -> HttpResponse:
        """What came back and what was given for it."""
        document = refund_receipt(refund_id=refund_id, asked=Asked(origin=origin(request)))
        return answer(document=document, query=self.query)


class TrainingReceiptView(PaperView):
    """The receipt of a sale for practice."""

    permission: ClassVar[str | None] = "orders.read"

    @extend_schema(parameters=PAPER_PARAMETERS, responses=papers(SalesReceiptOutput))
    def get(self, request: Request, register_id: UUID, number: int) -> HttpResponse:
        """Marked as practice at the top, below the total and at the end. `number` is 3 of `K1-T3`."""
        del request
        return answer(document=training_receipt(register_id=register_id, number=number), query=self.query)


class MovementSlipView(PaperView):
    """The slip of money put into a drawer or taken out."""

    permission: ClassVar[str | None] = "registers.read"

    @extend_schema(parameters=PAPER_PARAMETERS, responses=papers(SheetOutput))
    def get(self, request: Request, movement_id: UUID) -> HttpResponse:
        """With a line to sign on."""
        del request
        return answer(document=drawer_slip(movement_id=movement_id), query=self.query)


class StatementReceiptView(PaperView):
    """The statement of a house account on paper."""

    permission: ClassVar[str | None] = "orders.read"
    query_parameters: ClassVar = PaperView.query_parameters | {"from", "to"}

    @extend_schema(
        parameters=[
            *PAPER_PARAMETERS,
            OpenApiParameter(
                "from", OpenApiTypes.DATE, required=True, description="The first business date."
            ),
            OpenApiParameter(
                "to", OpenApiTypes.DATE, required=True, description="The last one; it is in it."
            ),
        ],
        responses=papers(SheetOutput),
    )
    def get(self, request: Request, house_id: UUID) -> HttpResponse:
        """What was charged and paid, with the balance before and after."""
        del request
        first, last = (self._day(name) for name in ("from", "to"))
        if last < first:
            raise InvalidQuery.of("to", "out_of_range", "It is not before the first day.")
        sheet = statement_sheet(house_id=house_id, first=first, last=last, at=clock.now())
        return answer(document=sheet, query=self.query)

    def _day(self, name: str) -> dt.date:
        found = day(self.query, name)
        if found is None:
            raise InvalidQuery.of(name, "required", "A day is expected: 2026-03-01.")
        return found


class XReceiptView(PaperView):
    """An X report on paper."""

    permission: ClassVar[str | None] = "registers.read"

    @extend_schema(parameters=PAPER_PARAMETERS, responses=papers(SheetOutput))
    def get(self, request: Request, register_id: UUID) -> HttpResponse:
        """What the register did since its last Z; without amounts while its drawer is counted blind."""
        del request
        document = x_sheet(register_id=register_id, actor=self.actor, at=clock.now())
        return answer(document=document, query=self.query)


class ClosingReceiptView(PaperView):
    """A Z, or a late entry of one, on paper."""

    permission: ClassVar[str | None] = "registers.read"

    @extend_schema(parameters=PAPER_PARAMETERS, responses=papers(SheetOutput))
    def get(self, request: Request, closing_id: UUID) -> HttpResponse:
        """The figures that were written down then; they never change."""
        del request
        return answer(document=closing_sheet(closing_id=closing_id), query=self.query)
