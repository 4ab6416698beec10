"""Recipes in the back office, batches that were made and what was thrown away."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.columns import decimal, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin, ServiceAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, RuleViolation
from pos.inventory.forms.recipes import RecipeForm
from pos.inventory.models import Recipe, StockProduction, StockWaste
from pos.inventory.models.recipes import MADE
from pos.inventory.queries.recipes import goods_name
from pos.inventory.services.productions import MOVE, revert_production
from pos.inventory.services.recipes import remove_recipe, save_recipe
from pos.inventory.services.waste import revert_waste


def _owner(recipe: Any) -> str:
    return goods_name(recipe.variant) if recipe.variant else f"with: {recipe.modifier.name}"


@admin.register(Recipe, site=merchant_admin)
class RecipeAdmin(ServiceAdmin):
    """What dishes are made of, and what modifiers change."""

    form = RecipeForm
    change_form_template = "backoffice/record.html"
    list_display = (
        titled(_owner, "Of", "variant__item__name"),
        "made",
        decimal("yield_quantity", "Makes"),
        titled(lambda row: str(row.line_count), "Ingredients", "line_count"),
        "revision",
        "changed_at",
    )
    list_filter = (one_of("made", "made", MADE),)
    list_select_related = ("variant__item", "modifier")
    search_fields = ("variant__item__name", "variant__sku", "modifier__name", "lines__ingredient__item__name")
    search_help_text = "Dish, modifier, SKU or ingredient"
    ordering = ("variant__item__name", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recipe]:
        """Recipes with how many ingredients they have."""
        found: QuerySet[Recipe] = super().get_queryset(request)
        return found.annotate(line_count=Count("lines", distinct=True))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        """The owner is chosen once."""
        del request
        kept = (("made", "yield_quantity", "yield_unit"), "lines", "note", "version")
        return (
            (("variant",) if obj.variant_id else ("modifier",)) if obj else ("what", "of_modifier")
        ) + kept

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The owner, once it is chosen."""
        del request
        return (("variant",) if obj.variant_id else ("modifier",)) if obj else ()

    def lines(self, recipe: Any) -> str:
        """The ingredients, for people who may not change them."""
        rows = recipe.lines.select_related("ingredient__item")
        return ", ".join(goods_name(row.ingredient) for row in rows)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change recipes may remove them."""
        return self.has_change_permission(request, obj)

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the recipe."""
        del formsets
        is_new = obj._state.adding
        owner_id = form.owner_id
        if is_new and Recipe.objects.filter(variant_id=owner_id).exists():
            raise RuleViolation("There is a recipe of this already; change that one.")
        save_recipe(owner_id=owner_id, draft=form.draft(), actor=actor, at=at, matches=form.matches)

    def remove(self, *, obj: Any, actor: Actor, at: dt.datetime) -> None:
        """Remove the recipe: from now on the dish itself is what is on the shelf."""
        remove_recipe(owner_id=obj.variant_id or obj.modifier_id, actor=actor, at=at)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Back to the list: the service gave the record its key."""
        del obj, post_url_continue
        self.message_user(request, "It is saved.", level="SUCCESS")
        return self.response_post_save_add(request, None)


def _goods(row: Any) -> str:
    return goods_name(row.variant)


class _TakenBack(ReadOnlyAdmin):
    """Documents that are taken back whole, each once."""

    actions = ("take_back",)

    def revert(self, *, key: UUID, actor: Actor, at: dt.datetime) -> None:
        """Call the service that takes the document back."""
        del key, actor, at
        raise TypeError(f"{type(self).__name__} does not say how it is taken back")

    def has_move_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may move stock."""
        return actor_of(request).may(MOVE)

    @admin.action(description="Take back", permissions=["move"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Take the chosen documents back."""
        for key in list(queryset.order_by("pk").values_list("pk", flat=True)):
            try:
                self.revert(key=key, actor=actor_of(request), at=now())
            except DomainError as error:
                self.message_user(request, error.detail, level="ERROR")
            else:
                self.message_user(request, "It is taken back.")


@admin.register(StockProduction, site=merchant_admin)
class StockProductionAdmin(_TakenBack):
    """Batches that were made."""

    list_display = (
        "at",
        titled(_goods, "Dish", "variant__item__name"),
        "location",
        decimal("quantity", "Quantity", unit="variant.item.unit"),
        "made_by",
        "note",
        "reverted_at",
    )
    list_display_links = None
    list_filter = ("location",)
    list_select_related = ("variant__item", "location")
    search_fields = ("variant__item__name", "variant__sku", "note")
    search_help_text = "Dish, SKU or note"
    date_hierarchy = "business_date"
    ordering = ("-at", "-id")

    def revert(self, *, key: UUID, actor: Actor, at: dt.datetime) -> None:
        """The dish leaves, what went in is there again."""
        revert_production(production_id=key, actor=actor, at=at)


@admin.register(StockWaste, site=merchant_admin)
class StockWasteAdmin(_TakenBack):
    """What was thrown away, and why."""

    list_display = (
        "at",
        titled(_goods, "Item", "variant__item__name"),
        "location",
        decimal("quantity", "Quantity", unit="variant.item.unit"),
        "reason_code",
        "note",
    )
    list_display_links = None
    list_filter = ("location",)
    list_select_related = ("variant__item", "location")
    search_fields = ("variant__item__name", "variant__sku", "note", "reason_code")
    search_help_text = "Item, SKU, reason or note"
    date_hierarchy = "business_date"
    ordering = ("-at", "-id")

    def revert(self, *, key: UUID, actor: Actor, at: dt.datetime) -> None:
        """It was not thrown away."""
        revert_waste(waste_id=key, actor=actor, at=at)
