"""The catalogue in the back office: items with all that is theirs, and categories."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Count, F, Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.decorators import action

from fynlo.backoffice.columns import titled
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from fynlo.core.errors import DomainError, FieldProblem
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.catalog.admin.documents import DocumentAdmin
from pos.catalog.errors import DocumentsRefused
from pos.catalog.forms.categories import CategoryForm
from pos.catalog.forms.documents import Document
from pos.catalog.forms.items import ItemForm
from pos.catalog.images import MAX_BYTES
from pos.catalog.models import Category, Item
from pos.catalog.queries.picking import WITH_PARENTS, category_path
from pos.catalog.services import remove_category
from pos.catalog.services.images import add_image


def _prices(item: Any) -> str:
    currency = current_tenant().currency
    low, high = (
        format_money(Money(minor, currency)) if minor is not None else "–"
        for minor in (item.lowest, item.highest)
    )
    return f"{low} {currency}" if low == high else f"{low} – {high} {currency}"


@admin.register(Item, site=merchant_admin)
class ItemAdmin(DocumentAdmin):
    """Items; each form saves the item with all that is its own by one call."""

    form = ItemForm
    actions_detail = ("open_grid",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "kitchen_name"),
                    ("category", "tax_class"),
                    ("unit", "tags"),
                    "description",
                    ("is_active", "has_open_price"),
                    "variants",
                    "option_axes",
                )
            },
        ),
        ("Choices", {"classes": ("tab",), "fields": ("modifier_groups", "combo")}),
        ("Prices by list", {"classes": ("tab",), "fields": ("list_prices",)}),
        ("Pictures", {"classes": ("tab",), "fields": ("image_ids", "new_image")}),
        ("Allergens and units", {"classes": ("tab",), "fields": ("allergens", "units")}),
    )
    list_display = (
        "name",
        "category",
        titled(_prices, "Price", "lowest"),
        titled(lambda item: str(item.variant_count), "Variants", "variant_count"),
        "unit",
        "tax_class",
        "is_active",
    )
    list_filter = ("is_active", "category", "tax_class", "unit")
    search_fields = ("name", "variants__name", "variants__sku", "variants__barcodes__code")
    search_help_text = "Name, SKU or barcode"
    ordering = ("name",)

    @action(description="Variants in a grid", url_path="grid", icon="grid_on")
    def open_grid(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the grid of all variants."""
        del request, object_id
        return HttpResponseRedirect("../variants/")

    def new_image(self, item: Item) -> str:
        """Nothing: people who may only read add no pictures."""
        del item
        return "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Item]:
        """Items with the facts of their list, in one statement."""
        found: QuerySet[Item] = super().get_queryset(request).select_related("category", "tax_class")
        return found.annotate(
            lowest=Min("variants__price_minor"),
            highest=Max("variants__price_minor"),
            variant_count=Count("variants", distinct=True),
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Categories are offered with their whole path."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "category" and field is not None:
            field.queryset = Category.objects.select_related(WITH_PARENTS)
            field.label_from_instance = category_path
        return field

    def put(self, *, obj: Any, form: Any, document: Document, actor: Actor, at: dt.datetime) -> None:
        """The item; a picture that came with the form is kept first, and is its last one."""
        upload = form.cleaned_data.get("new_image")
        if upload:
            image_id = _kept(upload, actor=actor, at=at)
            if image_id not in document["image_ids"]:
                document["image_ids"] = [*document["image_ids"], image_id]
        super().put(obj=obj, form=form, document=document, actor=actor, at=at)


def _kept(upload: Any, *, actor: Actor, at: dt.datetime) -> str:
    """The id of the picture that was sent; why it is none is told at its field."""
    if upload.size > MAX_BYTES:
        problem = FieldProblem("/new_image", "too_large", "A picture has at most 10 MB.")
        raise DocumentsRefused(problem.detail, errors=[problem])
    try:
        return str(add_image(content=upload.read(), actor=actor, at=at)["id"])
    except DomainError as error:
        problem = FieldProblem("/new_image", error.code, error.detail)
        raise DocumentsRefused(problem.detail, errors=[problem]) from error


@admin.register(Category, site=merchant_admin)
class CategoryAdmin(DocumentAdmin):
    """The tree of categories. An empty one may be removed."""

    form = CategoryForm
    may_be_removed = True
    fields = ("name", "parent", ("position", "color"))
    list_display = (
        titled(category_path, "Category", "name"),
        titled(lambda category: str(category.item_count), "Items", "item_count"),
        "position",
    )
    search_fields = ("name",)
    ordering = (F("parent__name").asc(nulls_first=True), "position", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        """Categories with their ancestors and how many items lie in them."""
        found: QuerySet[Category] = super().get_queryset(request).select_related(WITH_PARENTS)
        return found.annotate(item_count=Count("items", distinct=True))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Parents are offered with their whole path."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "parent" and field is not None:
            field.queryset = Category.objects.select_related(WITH_PARENTS)
            field.label_from_instance = category_path
            field.empty_label = "At the top"
        return field

    def remove(self, *, obj: Any, actor: Actor, at: dt.datetime) -> None:
        """Remove the category."""
        remove_category(category_id=obj.pk, actor=actor, at=at)
