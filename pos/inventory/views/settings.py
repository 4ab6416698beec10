"""How stock is kept, over HTTP. Shared records are changed with the `ETag` that the caller has read."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

import orjson
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.etags import answer_tagged, etag, require_match
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from pos.inventory.models.settings import TRACKING
from pos.inventory.policies import POLICIES
from pos.inventory.queries.settings import (
    item_document,
    settings_document,
    stock_items,
    stock_settings,
    stock_targets,
    target_document,
)
from pos.inventory.serializers.settings import (
    StockItemInput,
    StockItemOutput,
    StockSettingsInput,
    StockSettingsOutput,
    StockTargetOutput,
    StockTargetsInput,
    StockTargetsOutput,
)
from pos.inventory.services.settings import save_stock_item, save_stock_settings, save_stock_targets
from pos.inventory.views.base import StockView

_IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the record as you read it.",
)


class StockSettingsView(StockView):
    """The rules of the house."""

    permissions: ClassVar = {"GET": "stock.read", "PUT": "stock.write"}

    @extend_schema(responses=StockSettingsOutput)
    def get(self, request: Request) -> HttpResponse:
        """The rules; their `ETag` is what a change needs."""
        return _told(request, settings_document(stock_settings()))

    @extend_schema(parameters=[_IF_MATCH], request=StockSettingsInput, responses=StockSettingsOutput)
    def put(self, request: Request) -> HttpResponse:
        """Make the rules what is sent. With another `cost_method`, costs are settled anew in the background.

        428 without `If-Match`, 412 when the rules have changed since they were read.
        """
        draft = self.body(StockSettingsInput)
        save_stock_settings(draft=draft, actor=self.actor, at=clock.now(), matches=_matcher(request))
        return _answer(settings_document(stock_settings()))


class StockItemsView(ApiView):
    """How stock of items is kept."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"policy", "tracking", "category_id", "q"}

    @extend_schema(
        parameters=[
            OpenApiParameter("policy", str, enum=POLICIES, description="The one in force."),
            OpenApiParameter("tracking", str, enum=TRACKING),
            OpenApiParameter("q", str, description="Part of the item's name."),
        ],
        responses=page_of("StockItemPage", StockItemOutput),
    )
    def get(self, request: Request) -> Response:
        """All items, those without settings of their own included."""
        found = stock_items(
            policy=choice(self.query, "policy", known=POLICIES),
            tracking=choice(self.query, "tracking", known=TRACKING),
            category_id=identifier(self.query, "category_id"),
            text=self.query.get("q"),
        )
        return Response(paginate(found, request, item_document))


class StockItemView(StockView):
    """How stock of one item is kept."""

    permissions: ClassVar = {"GET": "stock.read", "PUT": "stock.write"}

    @extend_schema(responses=StockItemOutput)
    def get(self, request: Request, item_id: UUID) -> HttpResponse:
        """The item's settings; their `ETag` is what a change needs."""
        return _told(request, _item(item_id))

    @extend_schema(parameters=[_IF_MATCH], request=StockItemInput, responses=StockItemOutput)
    def put(self, request: Request, item_id: UUID) -> HttpResponse:
        """Make the item's settings what is sent. 428 without `If-Match`, 412 when they have changed since."""
        save_stock_item(
            item_id=item_id,
            draft=self.body(StockItemInput),
            actor=self.actor,
            at=clock.now(),
            matches=_matcher(request),
        )
        return _answer(_item(item_id))


class StockTargetsView(StockView):
    """What should be on the shelves."""

    permissions: ClassVar = {"GET": "stock.read", "PUT": "stock.write"}

    @property
    def query_parameters(self) -> frozenset[str]:  # type: ignore[override]
        """Lists are filtered; what is sent is not."""
        listed = PAGE_PARAMETERS | {"location_id", "variant_id", "below_reorder_point"}
        return frozenset() if self.request.method == "PUT" else listed

    @extend_schema(
        parameters=[
            OpenApiParameter("location_id", OpenApiTypes.UUID),
            OpenApiParameter("variant_id", OpenApiTypes.UUID),
            OpenApiParameter(
                "below_reorder_point",
                bool,
                description="Whether no more is available than the reorder point.",
            ),
        ],
        responses=page_of("StockTargetPage", StockTargetOutput),
    )
    def get(self, request: Request) -> Response:
        """Reorder points, levels to fill up to, most and safety stock, by variant and location."""
        low = choice(self.query, "below_reorder_point", known=("true", "false"))
        found = stock_targets(
            location_id=identifier(self.query, "location_id"),
            variant_id=identifier(self.query, "variant_id"),
            is_low=None if low is None else low == "true",
        )
        return Response(paginate(found, request, target_document))

    @extend_schema(request=StockTargetsInput, responses=StockTargetsOutput)
    def put(self, request: Request) -> Response:
        """Make the targets of the places that are sent what is sent: all of them, or none. Others stay."""
        del request
        saved = save_stock_targets(drafts=self.body(StockTargetsInput), actor=self.actor, at=clock.now())
        return Response({"items": [target_document(row) for row in saved]})


def _item(item_id: UUID) -> dict[str, Any]:
    found = stock_items().filter(pk=item_id).first()
    if found is None:
        raise NotFound("There is no such item.")
    return item_document(found)


def _matcher(request: Request) -> Any:
    return lambda document: require_match(request, current=_tag(document))


def _tag(document: Mapping[str, Any]) -> str:
    return etag("stock", orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode())


def _told(request: Request, document: Mapping[str, Any]) -> HttpResponse:
    return answer_tagged(request, tag=_tag(document), build=lambda: document)


def _answer(document: Mapping[str, Any]) -> Response:
    response = Response(document)
    response["ETag"] = _tag(document)
    return response
