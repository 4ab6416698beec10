"""Recipes over HTTP: whole documents, changed with the `ETag` that the caller has read."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

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
from pos.catalog.models import Variant
from pos.inventory.models.recipes import MADE
from pos.inventory.queries.recipes import (
    RecipeFilter,
    dishes_without_recipe,
    goods_name,
    recipe_document,
    recipe_of,
    recipe_versions,
    recipes,
    version_document,
)
from pos.inventory.serializers.recipes import (
    RecipeInput,
    RecipeOutput,
    RecipeVersionOutput,
    UnwrittenDishOutput,
)
from pos.inventory.services.recipes import remove_recipe, save_recipe
from pos.inventory.views.base import StockView

_IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of the recipe as you read it; needed when there is one already.",
)


class RecipesView(ApiView):
    """Recipes of dishes and modifiers."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"uses", "made", "owner", "category_id", "q"}

    @extend_schema(
        parameters=[
            OpenApiParameter("uses", OpenApiTypes.UUID, description="An ingredient, also of sub-recipes."),
            OpenApiParameter("made", str, enum=MADE),
            OpenApiParameter("owner", str, enum=["variant", "modifier"]),
            OpenApiParameter("category_id", OpenApiTypes.UUID),
            OpenApiParameter("q", str, description="Part of the name or the SKU."),
        ],
        responses=page_of("RecipePage", RecipeOutput),
    )
    def get(self, request: Request) -> Response:
        """All recipes, or those that use an ingredient, are made so, are of this."""
        wanted = RecipeFilter(
            uses=identifier(self.query, "uses"),
            made=choice(self.query, "made", known=MADE),
            owner=choice(self.query, "owner", known=("variant", "modifier")),
            category_id=identifier(self.query, "category_id"),
            text=self.query.get("q"),
        )
        return Response(paginate(recipes(wanted=wanted), request, recipe_document))


class UnwrittenRecipesView(ApiView):
    """Dishes without a recipe."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"category_id", "q"}

    @extend_schema(responses=page_of("UnwrittenDishPage", UnwrittenDishOutput))
    def get(self, request: Request) -> Response:
        """Active variants that have no recipe and are no ingredient of one."""
        found = dishes_without_recipe(
            category_id=identifier(self.query, "category_id"), text=self.query.get("q")
        )
        return Response(paginate(found, request, _unwritten))


class RecipeView(StockView):
    """The recipe of one variant or modifier."""

    permissions: ClassVar = {"GET": "stock.read", "PUT": "stock.write", "DELETE": "stock.write"}

    @extend_schema(responses=RecipeOutput)
    def get(self, request: Request, owner_id: UUID) -> HttpResponse:
        """The recipe; its `ETag` is what a change needs."""
        recipe = recipe_of(owner_id=owner_id)
        if recipe is None:
            raise NotFound("There is no recipe of this.")
        document = recipe_document(recipe)
        return answer_tagged(request, tag=_tag(document), build=lambda: document)

    @extend_schema(parameters=[_IF_MATCH], request=RecipeInput, responses=RecipeOutput)
    def put(self, request: Request, owner_id: UUID) -> HttpResponse:
        """Make the recipe what is sent; sales from now on take it. 422 `recipe_cycle` names the way round.

        428 without `If-Match` when there is a recipe already, 412 when it has changed since it was read.
        """
        document = save_recipe(
            owner_id=owner_id,
            draft=self.body(RecipeInput),
            actor=self.actor,
            at=clock.now(),
            matches=_matcher(request),
        )
        response = Response(document)
        response["ETag"] = _tag(document)
        return response

    @extend_schema(parameters=[_IF_MATCH], request=None, responses={204: None})
    def delete(self, request: Request, owner_id: UUID) -> HttpResponse:
        """Remove the recipe: from now on the dish itself is what is on the shelf."""
        remove_recipe(owner_id=owner_id, actor=self.actor, at=clock.now(), matches=_matcher(request))
        return HttpResponse(status=HTTPStatus.NO_CONTENT)


class RecipeVersionsView(ApiView):
    """What a recipe was."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("RecipeVersionPage", RecipeVersionOutput))
    def get(self, request: Request, owner_id: UUID) -> Response:
        """Every version of a recipe, the newest first."""
        found = recipe_versions(owner_id=owner_id)
        return Response(paginate(found, request, version_document, newest_first=True))


def _unwritten(variant: Variant) -> dict[str, Any]:
    return {
        "id": str(variant.id),
        "item_id": str(variant.item_id),
        "sku": variant.sku,
        "name": goods_name(variant),
    }


def _tag(document: Mapping[str, Any]) -> str:
    return etag("recipe", document["id"], document["revision"])


def _matcher(request: Request) -> Any:
    return lambda document: require_match(request, current=_tag(document))
