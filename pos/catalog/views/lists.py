"""The catalogue over HTTP, to read. A caller who has a page of it asks again with its tag, and gets 304.

Every change raises the catalogue's revision, so that is the tag's version: exact, and one short statement.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request

from fynlo.api.etags import tagged
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier, integer
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core.errors import NotFound
from pos.catalog import queries
from pos.catalog.serializers import CategoryOutput, ItemOutput, TaxClassOutput

SHAPE: Final = 1
"""Counted up when the answers look different, so that old tags do not match new answers."""


def _item_page() -> Any:
    return inline_serializer(
        "CatalogItemPage",
        {
            "items": ItemOutput(many=True),
            "next_cursor": serializers.CharField(allow_null=True, help_text="Null on the last page."),
            "revision": serializers.IntegerField(
                help_text="The catalogue's revision; send the first page's as `changed_since` the next time."
            ),
        },
    )


class CategoriesView(ApiView):
    """The tree of categories."""

    permission: ClassVar[str | None] = "catalog.read"
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("CategoryPage", CategoryOutput))
    def get(self, request: Request) -> HttpResponse:
        """The categories; `parent_id` says where each one is."""
        return _tagged(request, lambda: paginate(queries.categories(), request, CategoryOutput))


class TaxClassesView(ApiView):
    """The tax classes."""

    permission: ClassVar[str | None] = "catalog.read"
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("TaxClassPage", TaxClassOutput))
    def get(self, request: Request) -> HttpResponse:
        """The tax classes with their rates."""
        return _tagged(request, lambda: paginate(queries.tax_classes(), request, TaxClassOutput))


class CatalogItemsView(ApiView):
    """The items."""

    permission: ClassVar[str | None] = "catalog.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {
        "category_id",
        "q",
        "sku",
        "barcode",
        "changed_since",
        "active",
    }

    @extend_schema(responses=_item_page())
    def get(self, request: Request) -> HttpResponse:
        """Items with variants and barcodes.

        `q` is looked for in names and SKUs as written; `sku` ignores case; `barcode` finds a UPC written as an
        EAN; `changed_since` finds what changed after that revision; `active` is true or false.
        """
        revision = queries.revision()
        active = choice(self.query, "active", known=("true", "false"))
        found = queries.catalog_items(
            category_id=identifier(self.query, "category_id"),
            text=self.query.get("q"),
            sku=self.query.get("sku"),
            barcode=self.query.get("barcode"),
            changed_since=self._changed_since(),
            is_active=None if active is None else active == "true",
        )
        return _tagged(
            request,
            lambda: {**paginate(found, request, ItemOutput), "revision": revision},
            revision=revision,
        )

    def _changed_since(self) -> int | None:
        return integer(self.query, "changed_since", default=0) if "changed_since" in self.query else None


class CatalogItemView(ApiView):
    """One item."""

    permission: ClassVar[str | None] = "catalog.read"

    @extend_schema(responses=ItemOutput)
    def get(self, request: Request, item_id: UUID) -> HttpResponse:
        """The item with its variants and barcodes."""
        item = queries.catalog_items().filter(pk=item_id).first()
        if item is None:
            raise NotFound("There is no such item.")
        return _tagged(request, lambda: ItemOutput(item).data, revision=item.revision)


def _tagged(request: Request, build: Callable[[], Any], *, revision: int | None = None) -> HttpResponse:
    """The answer under the tag of a revision read before the answer: a change between only makes it too old."""
    version = queries.revision() if revision is None else revision
    return tagged(request, version=f"catalog {SHAPE} {version}", build=build)
