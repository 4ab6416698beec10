"""Receipts, and what stands behind their amounts, over HTTP."""

from collections.abc import Mapping
from typing import ClassVar, Final
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.query import choice
from fynlo.api.renderers import OrjsonRenderer, TextRenderer
from fynlo.api.views import ApiView
from fynlo.core.tenancy import current_tenant
from pos.orders.queries import order_explanation
from pos.orders.serializers import OrderExplanationOutput
from pos.receipts.queries import receipt_document
from pos.receipts.renderers.explanation import render_explanation
from pos.receipts.renderers.text import DEFAULT_WIDTH, render_text

WIDTHS: Final = {"32": 32, "42": DEFAULT_WIDTH}
"""Columns of 58 mm and of 80 mm paper."""


class ReceiptView(ApiView):
    """The receipt of an order, as text."""

    permission: ClassVar[str | None] = "orders.read"
    query_parameters: ClassVar = frozenset({"columns"})
    renderer_classes = [TextRenderer]

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request, order_id: UUID) -> Response:
        """Lines of at most `columns` (32 or 42, which is taken unless said) characters."""
        del request
        width = _width(self.query)
        return Response(render_text(document=receipt_document(order_id=order_id), width=width))


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
        width = _width(self.query)
        explanation = order_explanation(order_id=order_id)
        if not isinstance(request.accepted_renderer, TextRenderer):
            return Response(explanation)
        language = current_tenant().language
        text = render_explanation(explanation=explanation, language=language, width=width)
        return Response(text)


def _width(query: Mapping[str, str]) -> int:
    columns = choice(query, "columns", known=WIDTHS)
    return DEFAULT_WIDTH if columns is None else WIDTHS[columns]
