"""Receipts of orders, and what stands behind their amounts, over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.limits import take
from fynlo.api.query import choice, integer
from fynlo.api.renderers import OrjsonRenderer, TextRenderer
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.tenancy import current_tenant
from pos.orders.queries import order_explanation
from pos.orders.serializers import OrderExplanationOutput
from pos.receipts.answers import COLUMNS, WIDTHS, answer
from pos.receipts.document import GIFT, INVOICE, PROFORMA, SALE
from pos.receipts.limits import LETTERS, LETTERS_TO_ONE
from pos.receipts.queries import Asked, receipt_document
from pos.receipts.renderers.explanation import render_explanation
from pos.receipts.serializers.inputs import InvoiceInput, ReceiptEmailInput, ReprintInput
from pos.receipts.serializers.outputs import ReceiptEmailOutput, ReprintOutput, SalesReceiptOutput
from pos.receipts.services.emails import request_email
from pos.receipts.services.reprints import check_copy, reprint
from pos.receipts.views.base import PAPER_PARAMETERS, PaperView, origin, papers

_KINDS = (SALE, GIFT, PROFORMA, INVOICE)
_MOST_COPIES = 9999


class ReceiptView(PaperView):
    """The receipt of an order."""

    permission: ClassVar[str | None] = "orders.read"
    query_parameters: ClassVar = PaperView.query_parameters | {"kind", "copy"}

    @extend_schema(
        parameters=[
            *PAPER_PARAMETERS,
            OpenApiParameter("kind", enum=_KINDS, description="`sale` unless said."),
            OpenApiParameter("copy", type=int, description="A copy that was asked for before, marked so."),
        ],
        responses=papers(SalesReceiptOutput),
    )
    def get(self, request: Request, order_id: UUID) -> HttpResponse:
        """The receipt, a gift receipt without prices, a pro forma, or an invoice without a customer."""
        kind = choice(self.query, "kind", known=_KINDS) or SALE
        copy = integer(self.query, "copy", default=0, maximum=_MOST_COPIES)
        document = receipt_document(
            order_id=order_id, asked=Asked(kind=kind, copy=copy, origin=origin(request))
        )
        if copy:
            check_copy(order_id=order_id, copy=copy)
        return answer(document=document, query=self.query)


class InvoicesView(PaperView):
    """An invoice for a customer. Saves nothing, so it needs no idempotency key."""

    permission: ClassVar[str | None] = "orders.read"
    allowed_when_read_only: ClassVar[bool] = True  # it only looks

    @extend_schema(parameters=PAPER_PARAMETERS, request=InvoiceInput, responses=papers(SalesReceiptOutput))
    def post(self, request: Request, order_id: UUID) -> HttpResponse:
        """The order's receipt as a tax invoice, under the receipt's number and with the customer's name on it."""
        asked = Asked(kind=INVOICE, customer=self.body(InvoiceInput), origin=origin(request))
        return answer(document=receipt_document(order_id=order_id, asked=asked), query=self.query)


class ReprintsView(ApiView):
    """Printing a receipt again."""

    permission: ClassVar[str | None] = "receipts.reprint"

    @extend_schema(request=ReprintInput, responses={201: ReprintOutput})
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """Have one more copy, which is marked with its number, and told in the register's journal."""
        del request
        kind = self.body(ReprintInput)
        made = reprint(order_id=order_id, kind=kind, actor=self.actor, at=clock.now())
        return Response(made, status=HTTPStatus.CREATED)


class ReceiptEmailsView(ApiView):
    """Sending a receipt."""

    permission: ClassVar[str | None] = "orders.read"

    @extend_schema(request=ReceiptEmailInput, responses={202: ReceiptEmailOutput})
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """Send the receipt as text, page and PDF. What becomes of the letter is told in the feed."""
        draft = self.body(ReceiptEmailInput)
        take(LETTERS, str(self.actor.device_id or self.actor.id))
        take(LETTERS_TO_ONE, draft.to.casefold())
        made = request_email(
            order_id=order_id,
            letter_id=draft.id,
            to=draft.to,
            origin=origin(request),
            actor=self.actor,
            at=clock.now(),
        )
        return Response(made, status=HTTPStatus.ACCEPTED)


class ExplanationView(ApiView):
    """Where each cent of an order comes from."""

    permission: ClassVar[str | None] = "orders.read"
    query_parameters: ClassVar = frozenset({"columns"})
    renderer_classes = [OrjsonRenderer, TextRenderer]

    @extend_schema(
        responses={
            (200, "application/json"): OrderExplanationOutput,
            (200, "text/plain"): OpenApiTypes.STR,
        }
    )
    def get(self, request: Request, order_id: UUID) -> Response:
        """Every step of every line, as it was recorded with the sale: as JSON, or in words (`text/plain`).

        Words are in the merchant's language, in lines of at most `columns` (32 or 42) characters.
        """
        columns = choice(self.query, "columns", known=COLUMNS)
        width = WIDTHS["80" if columns is None else COLUMNS[columns]]
        explanation = order_explanation(order_id=order_id)
        if not isinstance(request.accepted_renderer, TextRenderer):
            return Response(explanation)
        language = current_tenant().language
        text = render_explanation(explanation=explanation, language=language, width=width)
        return Response(text)
