"""Statements of house accounts over HTTP."""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.errors import InvalidQuery
from fynlo.api.query import day
from fynlo.api.renderers import FileRenderer, OrjsonRenderer
from fynlo.api.views import ApiView
from fynlo.core.tenancy import current_tenant
from payments.credit.queries import house_account
from payments.credit.renderers import csv_file, pdf
from payments.credit.serializers import StatementOutput, statement_document
from payments.credit.statements import Statement
from payments.tenders.house_entries import statement_of

_DAYS = [
    OpenApiParameter("from", OpenApiTypes.DATE, required=True, description="The first business date."),
    OpenApiParameter("to", OpenApiTypes.DATE, required=True, description="The last one; it is in it."),
]


class _StatementView(ApiView):
    permission: ClassVar[str | None] = "orders.read"
    query_parameters: ClassVar = frozenset({"from", "to"})
    renderer_classes = [OrjsonRenderer, FileRenderer]

    def statement(self, house_id: UUID) -> Statement:
        """The statement that is asked for."""
        first, last = self._day("from"), self._day("to")
        if last < first:
            raise InvalidQuery.of("to", "out_of_range", "It is not before the first day.")
        return statement_of(account=house_account(account_id=house_id), first=first, last=last)

    def _day(self, name: str) -> dt.date:
        found = day(self.query, name)
        if found is None:
            raise InvalidQuery.of(name, "required", "A day is expected: 2026-03-01.")
        return found


class StatementView(_StatementView):
    """What an account was charged and what was paid."""

    @extend_schema(parameters=_DAYS, responses=StatementOutput)
    def get(self, request: Request, house_id: UUID) -> Response:
        """From a business date to another, both in it."""
        del request
        return Response(statement_document(self.statement(house_id)))


class StatementCsvView(_StatementView):
    """The same for a program."""

    @extend_schema(parameters=_DAYS, responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, house_id: UUID) -> HttpResponse:
        """The statement as CSV."""
        del request
        statement = self.statement(house_id)
        return _file(csv_file.render_csv(statement=statement), csv_file.MEDIA_TYPE, statement, "csv")


class StatementPdfView(_StatementView):
    """The same to be sent."""

    @extend_schema(parameters=_DAYS, responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, house_id: UUID) -> HttpResponse:
        """The statement as PDF."""
        del request
        statement = self.statement(house_id)
        made = pdf.render_pdf(statement=statement, merchant=current_tenant().name)
        return _file(made, pdf.MEDIA_TYPE, statement, "pdf")


def _file(content: bytes, media_type: str, statement: Statement, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    name = f"statement-{statement.code}-{statement.first}-{statement.last}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
