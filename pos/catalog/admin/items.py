"""The catalogue in the back office: items with their variants, categories, tax classes. Saved through services."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.contrib import admin
from django.db.models import Count, F, Max, Min, QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline

from fynlo.backoffice.columns import percent, titled
from fynlo.backoffice.options import ServiceAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.catalog.csv_reading.cells import MAX_CATEGORY_DEPTH
from pos.catalog.drafts import CategoryDraft
from pos.catalog.forms import ItemForm, TaxClassForm, VariantForm
from pos.catalog.models import Category, Item, TaxClass, Variant
from pos.catalog.services import remove_category, save_category, save_item, save_tax_class

WITH_PARENTS: Final = "__".join(["parent"] * (MAX_CATEGORY_DEPTH - 1))
"""Every ancestor a category can have, in one statement."""


rate = percent("rate", "Rate")


def category_path(category: Any) -> str:
    """Where a category is: `Drinks > Hot`."""
    parent = category.parent
    return f"{category_path(parent)} > {category.name}" if parent else str(category.name)


def _prices(item: Any) -> str:
    currency = current_tenant().currency
    low, high = (
        format_money(Money(minor, currency)) if minor is not None else "–"
        for minor in (item.lowest, item.highest)
    )
    return f"{low} {currency}" if low == high else f"{low} – {high} {currency}"


class VariantInline(TabularInline):
    """Variants of an item. They are switched off rather than deleted: sold lines name them."""

    model = Variant
    form = VariantForm
    extra = 0
    min_num = 1
    can_delete = False
    hide_title = True
    ordering = ("position", "sku")

    def price(self, variant: Variant) -> str:
        """The price, for people who may not change it."""
        currency = current_tenant().currency
        return f"{format_money(Money(variant.price_minor, currency))} {currency}"

    def barcodes(self, variant: Variant) -> str:
        """The barcodes, for people who may not change them."""
        return " ".join(barcode.code for barcode in variant.barcodes.all())

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """A formset that asks for at least one variant."""
        return super().get_formset(request, obj, validate_min=True, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        """Variants with their barcodes, in two statements."""
        found: QuerySet[Variant] = super().get_queryset(request).prefetch_related("barcodes")
        return found


@admin.register(Item, site=merchant_admin)
class ItemAdmin(ServiceAdmin):
    """Items; each form saves the item with all its variants by one call."""

    form = ItemForm
    inlines = (VariantInline,)
    fieldsets = (
        (None, {"fields": (("name", "category"), ("tax_class", "unit"), "description", "is_active")}),
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

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """One call for the item and everything below it."""
        del obj
        rows = [row for row in formsets[0].forms if row.has_changed() or not row.instance._state.adding]
        save_item(draft=form.draft(tuple(row.draft() for row in rows)), actor=actor, at=at)


@admin.register(Category, site=merchant_admin)
class CategoryAdmin(ServiceAdmin):
    """The tree of categories. An empty one may be removed."""

    fields = ("name", "parent", "position")
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

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change the catalogue; the service refuses while anything is in the category."""
        return self.has_change_permission(request, obj)

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the category."""
        del formsets
        values = form.cleaned_data
        parent_id = values["parent"].pk if values["parent"] else None
        draft = CategoryDraft(
            id=obj.pk, parent_id=parent_id, name=values["name"], position=values["position"]
        )
        save_category(draft=draft, actor=actor, at=at)

    def remove(self, *, obj: Any, actor: Actor, at: dt.datetime) -> None:
        """Remove the category."""
        remove_category(category_id=obj.pk, actor=actor, at=at)


@admin.register(TaxClass, site=merchant_admin)
class TaxClassAdmin(ServiceAdmin):
    """Tax classes. The code names accounts of the books, so it is set once."""

    form = TaxClassForm
    list_display = ("code", "name", rate, "is_inclusive")
    ordering = ("code",)

    def percent(self, tax_class: TaxClass) -> str:
        """The rate, for people who may not change it."""
        return rate(tax_class)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code, once it is there."""
        del request
        return ("code",) if obj else ()

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the tax class."""
        del obj, formsets
        save_tax_class(draft=form.draft(), actor=actor, at=at)
