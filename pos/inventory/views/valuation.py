"""What stock is worth, over HTTP, and revaluing it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.errors import InvalidQuery
from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import day, identifier, timestamp
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from pos.inventory.quantities import plain_cost, whole_minor
from pos.inventory.queries import LevelFilter
from pos.inventory.queries.costs import Moment, stock_worth, valued_levels
from pos.inventory.serializers.revaluations import RevaluationInput, RevaluationOutput
from pos.inventory.serializers.valuation import ValuationOutput, ValuationTotalsOutput, valuation_row
from pos.inventory.services.revaluing import revalue
from pos.inventory.views.base import StockView


class StockValuationView(ApiView):
    """What stock is worth."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {
        "at",
        "category_id",
        "date",
        "known_at",
        "location_id",
        "q",
        "variant_id",
    }

    @extend_schema(
        parameters=[
            OpenApiParameter("date", OpenApiTypes.DATE, description="At the end of this business day."),
            OpenApiParameter("at", OpenApiTypes.DATETIME, description="At this moment; not with `date`."),
            OpenApiParameter(
                "known_at", OpenApiTypes.DATETIME, description="By what had been recorded by then only."
            ),
            OpenApiParameter("category_id", str, description="Of this category and those below it."),
            OpenApiParameter("q", str, description="Part of the item's name or the SKU."),
        ],
        responses=ValuationOutput,
    )
    def get(self, request: Request) -> Response:
        """Quantity and value of everything that is there, now or at a moment of the past, with what it sums to.

        In the order of events and as known now: a delivery typed in late counts from when it came, with
        `known_at` only from when it was typed in.
        """
        wanted, moment = _wanted(self.query), _moment(self.query)
        page = paginate(valued_levels(wanted=wanted, moment=moment), request, valuation_row)
        worth = stock_worth(wanted=wanted, moment=moment)
        currency = current_tenant().currency
        totals = {
            "value_minor": plain_cost(worth.value_minor),
            "value": Money(whole_minor(worth.value_minor), currency),
            "level_count": worth.level_count,
        }
        return Response({"currency": currency, "totals": ValuationTotalsOutput(totals).data, **page})


class StockRevaluationsView(StockView):
    """Revaluations."""

    permission: ClassVar[str | None] = "stock.approve"

    @extend_schema(request=RevaluationInput, responses={201: RevaluationOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Say what a variant at a location is worth: per unit, or so much more or less in all.

        What was sold before keeps its cost. An id that was used is told (409 `already_done`).
        """
        del request
        document = revalue(draft=self.body(RevaluationInput), actor=self.actor, at=clock.now())
        return Response(document, status=HTTPStatus.CREATED)


def _wanted(query: Mapping[str, str]) -> LevelFilter:
    return LevelFilter(
        location_id=identifier(query, "location_id"),
        variant_id=identifier(query, "variant_id"),
        category_id=identifier(query, "category_id"),
        text=query.get("q", ""),
    )


def _moment(query: Mapping[str, Any]) -> Moment:
    found = Moment(at=timestamp(query, "at"), date=day(query, "date"), known_at=timestamp(query, "known_at"))
    if found.at is not None and found.date is not None:
        raise InvalidQuery.of("at", "one_of", "Say either `at` or `date`.")
    return found
