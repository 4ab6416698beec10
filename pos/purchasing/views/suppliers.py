"""Suppliers over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier
from fynlo.api.schema import page_of
from fynlo.core import clock
from pos.inventory.views.base import StockView
from pos.purchasing.queries.records import suppliers, whole_supplier
from pos.purchasing.queries.suppliers import supplier_state, supplier_summary
from pos.purchasing.serializers.suppliers import (
    SupplierChangeInput,
    SupplierInput,
    SupplierOutput,
    SupplierSummaryOutput,
)
from pos.purchasing.services.suppliers import change_supplier, create_supplier


class SuppliersView(StockView):
    """Who goods are bought from."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "stock.order"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {"active", "variant_id", "q"}

    @extend_schema(responses=page_of("SupplierPage", SupplierSummaryOutput))
    def get(self, request: Request) -> Response:
        """Suppliers: `active` true or false, who sells a variant, whose code or name holds `q`."""
        active = choice(self.query, "active", known=("true", "false"))
        found = suppliers(
            is_active=None if active is None else active == "true",
            variant_id=identifier(self.query, "variant_id"),
            text=self.query.get("q", ""),
        )
        return Response(paginate(found, request, supplier_summary))

    @extend_schema(request=SupplierInput, responses={201: SupplierOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Add a supplier, with what it sells if that is said."""
        del request
        state = create_supplier(draft=self.body(SupplierInput), actor=self.actor, at=clock.now())
        return Response(state, status=HTTPStatus.CREATED)


class SupplierView(StockView):
    """A supplier."""

    permissions: ClassVar = {"GET": "stock.read", "PUT": "stock.order"}

    @extend_schema(responses=SupplierOutput)
    def get(self, request: Request, supplier_id: UUID) -> Response:
        """The supplier with what it sells."""
        del request
        return Response(supplier_state(whole_supplier(supplier_id=supplier_id)))

    @extend_schema(request=SupplierChangeInput, responses=SupplierOutput)
    def put(self, request: Request, supplier_id: UUID) -> Response:
        """Make the supplier what the body says; without `items`, what it sells stays."""
        del request, supplier_id
        return Response(
            change_supplier(draft=self.body(SupplierChangeInput), actor=self.actor, at=clock.now())
        )
