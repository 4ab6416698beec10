"""Receipts over HTTP."""

from typing import ClassVar, Final
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.query import choice
from fynlo.api.renderers import TextRenderer
from fynlo.api.views import ApiView
from pos.receipts.queries import receipt_document
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
        columns = choice(self.query, "columns", known=WIDTHS)
        width = DEFAULT_WIDTH if columns is None else WIDTHS[columns]
        return Response(render_text(document=receipt_document(order_id=order_id), width=width))
