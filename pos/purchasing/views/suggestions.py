"""Reorder suggestions over HTTP."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from http import HTTPStatus
from typing import Any, ClassVar, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate, select_fields
from fynlo.api.query import choice, identifier, integer
from fynlo.api.schema import page_of
from fynlo.core import clock
from fynlo.core.tenancy import current_tenant
from pos.inventory.views.base import StockView
from pos.purchasing.queries.suggestions import (
    location_of,
    stocked_variants,
    suggestion_document,
    suggestions,
)
from pos.purchasing.reorder_values import DEFAULT_REVIEW_DAYS, Policy
from pos.purchasing.serializers.suggestions import ChosenOrdersInput, ChosenOrdersOutput, SuggestionOutput
from pos.purchasing.services.suggested_orders import order_chosen

SERVICE_PERCENTS: Final = ("50", "80", "90", "95", "98", "99")
MAX_REVIEW_DAYS: Final = 90


class PurchaseSuggestionsView(StockView):
    """What to order, and why."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {
        "location_id",
        "supplier_id",
        "variant_id",
        "due",
        "review_days",
        "service_percent",
    }

    @extend_schema(
        responses=page_of("PurchaseSuggestionPage", SuggestionOutput),
        parameters=[
            OpenApiParameter("due", str, enum=["true"], description="Only what is at its reorder point."),
            OpenApiParameter("review_days", int, description="Days between two orders; 7 unless said."),
            OpenApiParameter(
                "service_percent", str, enum=list(SERVICE_PERCENTS), description="95 unless said."
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        """Suggestions for everything kept at a location (needed where there is more than one), of a supplier or of
        all; each figure is explained. With `due=true` pages can have fewer items than `limit`; go on until there
        is no `next_cursor`.
        """
        policy = Policy(
            service_level=Decimal(choice(self.query, "service_percent", known=SERVICE_PERCENTS) or "95")
            / 100,
            review_days=integer(
                self.query, "review_days", default=DEFAULT_REVIEW_DAYS, minimum=1, maximum=MAX_REVIEW_DAYS
            ),
        )
        location = location_of(location_id=identifier(self.query, "location_id"))
        supplier_id = identifier(self.query, "supplier_id")
        found = stocked_variants(location_id=location.pk, supplier_id=supplier_id)
        variant_id = identifier(self.query, "variant_id")
        if variant_id is not None:
            found = found.filter(pk=variant_id)
        rows: list[Any] = []
        page = paginate(found, request, _gathered(rows))
        made = suggestions(
            variants=rows, location=location, at=clock.now(), policy=policy, supplier_id=supplier_id
        )
        is_due = choice(self.query, "due", known=("true",)) is not None
        wanted = [each for each in made if each.suggestion.is_due or not is_due]
        return Response({**page, "items": self._items(wanted)})

    def _items(self, made: Sequence[Any]) -> list[dict[str, Any]]:
        currency = current_tenant().currency
        items = [suggestion_document(each, currency=currency) for each in made]
        return select_fields(items, self.query.get("fields"))


class SuggestedOrdersView(StockView):
    """From suggestions to orders."""

    permission: ClassVar[str | None] = "stock.order"

    @extend_schema(request=ChosenOrdersInput, responses={201: ChosenOrdersOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Write drafts of orders, one for each supplier of what was chosen; all of them or none."""
        del request
        made = order_chosen(draft=self.body(ChosenOrdersInput), actor=self.actor, at=clock.now())
        return Response({"items": made}, status=HTTPStatus.CREATED)


def _gathered(rows: list[Any]) -> Callable[[Any], dict[str, Any]]:
    """Puts the rows of a page into `rows`: suggestions are made of all of them together."""
    members = dict.fromkeys(SuggestionOutput().fields)

    def gather(row: Any) -> dict[str, Any]:
        rows.append(row)
        return members

    return gather
