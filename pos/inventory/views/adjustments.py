"""Adjusting stock by hand, over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.views import ApiView
from fynlo.core import clock
from pos.inventory.queries.adjustments import adjustment_document
from pos.inventory.serializers.adjustments import AdjustmentInput, AdjustmentOutput
from pos.inventory.services.adjustments import adjust_stock, revert_adjustment
from pos.inventory.views.base import StockView


class StockAdjustmentsView(StockView):
    """Adjustments."""

    permission: ClassVar[str | None] = "stock.move"

    @extend_schema(request=AdjustmentInput, responses={201: AdjustmentOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Record an adjustment: all of its lines, or none.

        A line says `quantity` (more, or less: negative) or `set_to`. An id that was used is told with who used
        it and when (409 `already_done`).
        """
        del request
        document = adjust_stock(draft=self.body(AdjustmentInput), actor=self.actor, at=clock.now())
        return Response(document, status=HTTPStatus.CREATED)


class StockAdjustmentView(ApiView):
    """One adjustment."""

    permission: ClassVar[str | None] = "stock.read"

    @extend_schema(responses=AdjustmentOutput)
    def get(self, request: Request, adjustment_id: UUID) -> Response:
        """What was adjusted, by whom, and whether it was taken back."""
        del request
        return Response(adjustment_document(adjustment_id=adjustment_id))


class StockAdjustmentRevertView(ApiView):
    """Taking an adjustment back."""

    permission: ClassVar[str | None] = "stock.move"

    @extend_schema(request=None, responses=AdjustmentOutput)
    @idempotent
    def post(self, request: Request, adjustment_id: UUID) -> Response:
        """Take it back by movements that name its own; a second time is refused (409 `already_done`)."""
        del request
        return Response(revert_adjustment(adjustment_id=adjustment_id, actor=self.actor, at=clock.now()))
