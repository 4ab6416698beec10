"""Orders and returns as papers, and orders by e-mail, over HTTP."""

from functools import partial
from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.renderers import FileRenderer, OrjsonRenderer
from fynlo.core import clock
from pos.inventory.views.base import StockView
from pos.purchasing.paper_files import as_csv, as_pdf
from pos.purchasing.queries.papers import order_paper, return_paper
from pos.purchasing.queries.records import whole_order, whole_return
from pos.purchasing.serializers.orders import EmailInput, PurchaseOrderOutput
from pos.purchasing.services.emails import queue_email
from pos.purchasing.tasks import hint


class _PaperView(StockView):
    permission: ClassVar[str | None] = "stock.read"
    renderer_classes = [OrjsonRenderer, FileRenderer]


class PurchaseOrderPdfView(_PaperView):
    """An order to print."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, purchase_id: UUID) -> HttpResponse:
        """The order as PDF, in the supplier's language."""
        del request
        return as_pdf(order_paper(whole_order(order_id=purchase_id)))


class PurchaseOrderCsvView(_PaperView):
    """An order for a program."""

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, purchase_id: UUID) -> HttpResponse:
        """The order as CSV."""
        del request
        return as_csv(order_paper(whole_order(order_id=purchase_id)))


class SupplierReturnPdfView(_PaperView):
    """A return to print."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, return_id: UUID) -> HttpResponse:
        """The return as PDF."""
        del request
        return as_pdf(return_paper(whole_return(return_id=return_id)))


class SupplierReturnCsvView(_PaperView):
    """A return for a program."""

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, return_id: UUID) -> HttpResponse:
        """The return as CSV."""
        del request
        return as_csv(return_paper(whole_return(return_id=return_id)))


class PurchaseOrderEmailView(StockView):
    """Sending an order to its supplier."""

    permission: ClassVar[str | None] = "stock.order"

    @extend_schema(request=EmailInput, responses={202: PurchaseOrderOutput})
    @idempotent
    def post(self, request: Request, purchase_id: UUID) -> Response:
        """Queue a letter with the order as PDF and CSV. What becomes of it is told in the order's history."""
        del request
        draft = self.body(EmailInput)
        state = queue_email(order_id=purchase_id, draft=draft, actor=self.actor, at=clock.now())
        transaction.on_commit(partial(hint, draft.id))
        return Response(state, status=HTTPStatus.ACCEPTED)
