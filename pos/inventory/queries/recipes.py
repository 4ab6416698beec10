"""Recipes as they were written, for lists and documents."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from fynlo.core.clock import rfc3339
from pos.catalog.models import Modifier, Variant
from pos.inventory.models import Recipe, RecipeLine, RecipeNeed, RecipeVersion
from pos.inventory.quantities import plain_quantity

MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeFilter:
    """What a cook asks for: what uses this (also by way of sub-recipes), how it is made, what it is called."""

    uses: UUID | None = None
    made: str | None = None
    owner: str | None = None
    category_id: UUID | None = None
    text: str | None = None


def recipes(*, wanted: RecipeFilter | None = None) -> QuerySet[Recipe, Recipe]:
    """Recipes with everything their documents say; two statements for a list."""
    wanted = wanted or RecipeFilter()
    lines = RecipeLine.objects.select_related("ingredient__item", "replaced").order_by("position")
    found = Recipe.objects.select_related("variant__item", "modifier__group").prefetch_related(
        Prefetch("lines", queryset=lines)
    )
    if wanted.uses is not None:
        found = found.filter(_uses(wanted.uses))
    if wanted.made is not None:
        found = found.filter(made=wanted.made)
    if wanted.owner is not None:
        found = found.filter(variant__isnull=wanted.owner == "modifier")
    if wanted.category_id is not None:
        found = found.filter(variant__item__category_id=wanted.category_id)
    if wanted.text:
        found = found.filter(
            Q(variant__item__name__icontains=wanted.text)
            | Q(variant__sku__icontains=wanted.text)
            | Q(modifier__name__icontains=wanted.text)
        )
    return found


def dishes_without_recipe(
    *, category_id: UUID | None = None, text: str | None = None
) -> QuerySet[Variant, Variant]:
    """Active variants that have no recipe and are no ingredient of one: what a cook has still to write."""
    found = Variant.objects.select_related("item").filter(
        ~Exists(RecipeLine.objects.filter(ingredient=OuterRef("pk"))),
        recipe=None,
        is_active=True,
        item__is_active=True,
        item__combo_slots=None,
    )
    if category_id is not None:
        found = found.filter(item__category_id=category_id)
    if text:
        found = found.filter(Q(item__name__icontains=text) | Q(sku__icontains=text))
    return found


def recipe_of(*, owner_id: UUID) -> Recipe | None:
    """The recipe of a variant or a modifier."""
    return recipes().filter(Q(variant_id=owner_id) | Q(modifier_id=owner_id)).first()


def recipe_versions(*, owner_id: UUID) -> QuerySet[RecipeVersion, RecipeVersion]:
    """What a recipe was, version by version."""
    return RecipeVersion.objects.filter(owner_id=owner_id)


def names_of(*, keys: Collection[UUID]) -> dict[UUID, str]:
    """What variants and modifiers are called; two statements."""
    wanted = list(keys)[:MOST_NAMED]
    found = {row.pk: goods_name(row) for row in Variant.objects.select_related("item").filter(pk__in=wanted)}
    found.update(Modifier.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return found


def goods_name(variant: Variant) -> str:
    """What people call a variant: the item, and which of it."""
    return f"{variant.item.name}, {variant.name}" if variant.name else variant.item.name


def recipe_document(recipe: Recipe) -> dict[str, Any]:
    """A recipe as the API and the feed tell it."""
    variant, modifier = recipe.variant, recipe.modifier
    return {
        "id": str(recipe.id),
        "variant_id": _text(recipe.variant_id),
        "modifier_id": _text(recipe.modifier_id),
        "name": goods_name(variant) if variant else modifier.name if modifier else "",
        "sku": variant.sku if variant else None,
        "made": recipe.made,
        "yield_quantity": plain_quantity(recipe.yield_quantity),
        "yield_unit": recipe.yield_unit or (variant.item.unit if variant else "each"),
        "note": recipe.note,
        "lines": [_line_document(line) for line in recipe.lines.all()],
        "revision": recipe.revision,
        "changed_at": rfc3339(recipe.changed_at),
        "changed_by": _text(recipe.changed_by),
    }


def version_document(version: RecipeVersion) -> dict[str, Any]:
    """A version as the API tells it."""
    return {
        "id": str(version.id),
        "revision": version.revision,
        "document": version.document,
        "at": rfc3339(version.at),
        "changed_by": _text(version.changed_by),
    }


def _line_document(line: RecipeLine) -> dict[str, Any]:
    return {
        "effect": line.effect,
        "variant_id": str(line.ingredient_id),
        "sku": line.ingredient.sku,
        "name": goods_name(line.ingredient),
        "quantity": None if line.quantity is None else plain_quantity(line.quantity),
        "unit": line.unit or line.ingredient.item.unit,
        "waste_percent": plain_quantity(line.waste_percent),
        "replaces": _text(line.replaced_id),
    }


def _uses(ingredient: UUID) -> Q:
    """Directly, or multiplied out: by way of sub-recipes, of which one may be the ingredient asked for."""
    needs = RecipeNeed.objects.filter(until=None)
    by_needs = needs.filter(ingredient_id=ingredient)
    by_way = needs.filter(via__contains=[ingredient])
    direct = RecipeLine.objects.filter(recipe=OuterRef("pk"), ingredient=ingredient)
    return (
        Q(Exists(direct))
        | Q(variant_id__in=by_needs.values("owner_id"))
        | Q(modifier_id__in=by_needs.values("owner_id"))
        | Q(variant_id__in=by_way.values("owner_id"))
    )


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
