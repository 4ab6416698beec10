"""Waste over HTTP: recorded with a reason, taken back once, summed up by reason."""

from decimal import Decimal
from http import HTTPStatus
from itertools import groupby
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import day, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from fynlo.core.tenancy import current_tenant
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.waste import (
    Reason,
    WasteFilter,
    WasteSum,
    waste_by_reason,
    waste_document,
    waste_head,
    waste_reasons,
    wasted,
)
from pos.inventory.serializers.waste import (
    WasteHeadOutput,
    WasteInput,
    WasteOutput,
    WasteReasonsInput,
    WasteReasonsOutput,
    WasteReportOutput,
)
from pos.inventory.services.waste import record_waste, revert_waste, save_waste_reasons
from pos.inventory.views.base import StockView
from pos.inventory.views.periods import asked_period

_PERIOD = [
    OpenApiParameter("from", OpenApiTypes.DATE, description="First business day."),
    OpenApiParameter("to", OpenApiTypes.DATE, description="Last business day."),
]


class StockWasteView(StockView):
    """What was thrown away."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "stock.move"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {"location_id", "variant_id", "reason_code", "from", "to"}

    @extend_schema(
        parameters=[
            OpenApiParameter("location_id", OpenApiTypes.UUID),
            OpenApiParameter("variant_id", OpenApiTypes.UUID, description="A dish or an ingredient."),
            OpenApiParameter("reason_code", str),
            *_PERIOD,
        ],
        responses=page_of("WastePage", WasteHeadOutput),
    )
    def get(self, request: Request) -> Response:
        """Waste, the newest first."""
        wanted = WasteFilter(
            location_id=identifier(self.query, "location_id"),
            variant_id=identifier(self.query, "variant_id"),
            reason_code=self.query.get("reason_code"),
            first_day=day(self.query, "from"),
            last_day=day(self.query, "to"),
        )
        return Response(paginate(wasted(wanted=wanted), request, waste_head, newest_first=True))

    @extend_schema(request=WasteInput, responses={201: WasteOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Record what is thrown away. 422 `unknown_reason` for a reason that is not on the list."""
        del request
        document = record_waste(draft=self.body(WasteInput), actor=self.actor, at=clock.now())
        return Response(document, status=HTTPStatus.CREATED)


class StockWasteOneView(ApiView):
    """One thing that was thrown away."""

    permission: ClassVar[str | None] = "stock.read"

    @extend_schema(responses=WasteOutput)
    def get(self, request: Request, waste_id: UUID) -> Response:
        """What was thrown away, what left stock for it, and what that was worth."""
        del request
        waste = wasted().filter(pk=waste_id).first()
        if waste is None:
            raise NotFound("There is no such waste.")
        return Response(waste_document(waste))


class StockWasteRevertView(ApiView):
    """Taking waste back."""

    permission: ClassVar[str | None] = "stock.move"

    @extend_schema(request=None, responses=WasteOutput)
    @idempotent
    def post(self, request: Request, waste_id: UUID) -> Response:
        """It was not thrown away after all; a second time is refused (409 `already_done`)."""
        del request
        return Response(revert_waste(waste_id=waste_id, actor=self.actor, at=clock.now()))


class WasteReasonsView(StockView):
    """Why things are thrown away."""

    permissions: ClassVar = {"GET": "stock.read", "PUT": "stock.write"}

    @extend_schema(responses=WasteReasonsOutput)
    def get(self, request: Request) -> Response:
        """The merchant's list, or the usual one until there is one."""
        del request
        return Response(_listed(waste_reasons()))

    @extend_schema(request=WasteReasonsInput, responses=WasteReasonsOutput)
    def put(self, request: Request) -> Response:
        """Make the list what is sent, in its order; an empty one brings the usual list back."""
        del request
        saved = save_waste_reasons(reasons=self.body(WasteReasonsInput), actor=self.actor, at=clock.now())
        return Response(_listed(saved))


class WasteReportView(ApiView):
    """Waste by reason."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = frozenset({"from", "to", "location_id"})

    @extend_schema(
        parameters=[*_PERIOD, OpenApiParameter("location_id", OpenApiTypes.UUID)],
        responses=WasteReportOutput,
    )
    def get(self, request: Request) -> Response:
        """What was thrown away on some business days (the last seven unless said), by reason, in value."""
        del request
        first, last = asked_period(self.query, today=clock.now().date())
        sums = waste_by_reason(first=first, last=last, location_id=identifier(self.query, "location_id"))
        return Response(
            {
                "first_day": first.isoformat(),
                "last_day": last.isoformat(),
                "currency": current_tenant().currency,
                "value_minor": _worth(sums),
                "reasons": _by_reason(sums),
            }
        )


def _by_reason(sums: list[WasteSum]) -> list[dict[str, Any]]:
    names = {reason.code: reason.name for reason in waste_reasons()}
    groups = [(code, list(rows)) for code, rows in groupby(sums, key=lambda each: each.reason_code)]
    groups.sort(key=lambda group: (-sum(each.value_minor for each in group[1]), group[0]))
    return [
        {
            "code": code,
            "name": names.get(code, code),
            "value_minor": _worth(rows),
            "goods": [
                {
                    "variant_id": str(each.variant_id),
                    "sku": each.sku,
                    "name": each.name,
                    "unit": each.unit,
                    "count": each.count,
                    "quantity": plain_quantity(each.quantity),
                    "value_minor": plain_quantity(each.value_minor),
                }
                for each in rows
            ],
        }
        for code, rows in groups
    ]


def _worth(sums: list[WasteSum]) -> str:
    return plain_quantity(sum((each.value_minor for each in sums), Decimal(0)))


def _listed(reasons: list[Reason]) -> dict[str, Any]:
    return {
        "reasons": [{"code": each.code, "name": each.name, "is_active": each.is_active} for each in reasons]
    }
