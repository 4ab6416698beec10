"""What is left of prices, over HTTP."""

import re
from decimal import Decimal
from typing import ClassVar, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.errors import InvalidQuery
from fynlo.api.query import choice, identifier
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from fynlo.core.tenancy import current_tenant
from pos.inventory.queries.margins import RECIPES, WITH, MarginFilter, dish_margins
from pos.inventory.serializers.margins import DishMarginsOutput, margin_document
from pos.registers.models import Location

MOST_ROWS: Final = 1000
_PERCENT: Final = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,2})?", re.ASCII)


class StockMarginsView(ApiView):
    """What is left of prices."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = frozenset(
        {"location_id", "category_id", "q", "recipe", "margin_below", "food_cost_above", "cost_known"}
    )

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "location_id", OpenApiTypes.UUID, description="Whose costs; the first unless said."
            ),
            OpenApiParameter("category_id", OpenApiTypes.UUID),
            OpenApiParameter("q", str, description="Part of the item's name or the SKU."),
            OpenApiParameter("recipe", str, enum=RECIPES, description="Goods with a recipe unless said."),
            OpenApiParameter("margin_below", str, description="Per cent of the net price."),
            OpenApiParameter("food_cost_above", str, description="Per cent of the net price."),
            OpenApiParameter("cost_known", bool),
        ],
        responses=DishMarginsOutput,
    )
    def get(self, request: Request) -> Response:
        """Dishes with price net of tax, cost and margin, those of which least is left first."""
        del request
        asked = identifier(self.query, "location_id")
        places = Location.objects.order_by("code")
        location = (places if asked is None else places.filter(pk=asked)).first()
        if location is None:
            raise NotFound("There is no such location.")
        known = choice(self.query, "cost_known", known=("true", "false"))
        wanted = MarginFilter(
            recipe=choice(self.query, "recipe", known=RECIPES) or WITH,
            category_id=identifier(self.query, "category_id"),
            text=self.query.get("q"),
            margin_below=self._percent("margin_below"),
            food_cost_above=self._percent("food_cost_above"),
            is_known=None if known is None else known == "true",
        )
        rows = dish_margins(location=location, at=clock.now(), wanted=wanted)
        return Response(
            {
                "location_id": str(location.pk),
                "currency": current_tenant().currency,
                "items": [margin_document(row) for row in rows[:MOST_ROWS]],
                "left_out": max(0, len(rows) - MOST_ROWS),
            }
        )

    def _percent(self, name: str) -> Decimal | None:
        text = self.query.get(name)
        if text is None:
            return None
        if not _PERCENT.fullmatch(text):
            raise InvalidQuery.of(name, "invalid", "A share in per cent is expected, such as 62.5.")
        return Decimal(text)
