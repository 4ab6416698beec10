"""Making batches, over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, day, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from pos.inventory.queries.productions import (
    ProductionFilter,
    production_document,
    production_head,
    productions_made,
)
from pos.inventory.serializers.productions import ProductionHeadOutput, ProductionInput, ProductionOutput
from pos.inventory.services.productions import produce, revert_production
from pos.inventory.views.base import StockView


class ProductionsView(StockView):
    """Batches."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "stock.move"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {
        "variant_id",
        "location_id",
        "uses",
        "from",
        "to",
        "is_reverted",
    }

    @extend_schema(
        parameters=[
            OpenApiParameter("variant_id", OpenApiTypes.UUID, description="What was made."),
            OpenApiParameter("location_id", OpenApiTypes.UUID),
            OpenApiParameter("uses", OpenApiTypes.UUID, description="What went in."),
            OpenApiParameter("from", OpenApiTypes.DATE, description="First business day."),
            OpenApiParameter("to", OpenApiTypes.DATE, description="Last business day."),
            OpenApiParameter("is_reverted", bool),
        ],
        responses=page_of("ProductionPage", ProductionHeadOutput),
    )
    def get(self, request: Request) -> Response:
        """Batches, the newest first."""
        reverted = choice(self.query, "is_reverted", known=("true", "false"))
        wanted = ProductionFilter(
            variant_id=identifier(self.query, "variant_id"),
            location_id=identifier(self.query, "location_id"),
            uses=identifier(self.query, "uses"),
            first_day=day(self.query, "from"),
            last_day=day(self.query, "to"),
            is_reverted=None if reverted is None else reverted == "true",
        )
        found = productions_made(wanted=wanted)
        return Response(paginate(found, request, production_head, newest_first=True))

    @extend_schema(request=ProductionInput, responses={201: ProductionOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Record a batch: ingredients leave stock by the recipe, or as stated; the dish is worth what went in."""
        del request
        document = produce(draft=self.body(ProductionInput), actor=self.actor, at=clock.now())
        return Response(document, status=HTTPStatus.CREATED)


class ProductionView(ApiView):
    """One batch."""

    permission: ClassVar[str | None] = "stock.read"

    @extend_schema(responses=ProductionOutput)
    def get(self, request: Request, production_id: UUID) -> Response:
        """The batch with what went into it."""
        del request
        production = productions_made().filter(pk=production_id).first()
        if production is None:
            raise NotFound("There is no such production.")
        return Response(production_document(production))


class ProductionRevertView(ApiView):
    """Taking a batch back."""

    permission: ClassVar[str | None] = "stock.move"

    @extend_schema(request=None, responses=ProductionOutput)
    @idempotent
    def post(self, request: Request, production_id: UUID) -> Response:
        """Take it back by movements that name its own; a second time is refused (409 `already_done`)."""
        del request
        return Response(revert_production(production_id=production_id, actor=self.actor, at=clock.now()))
