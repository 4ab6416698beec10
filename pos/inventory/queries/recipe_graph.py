"""Recipes around a change: whatever uses the changed ones, and everything those are made of, in one statement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from pos.catalog.conversion import NoConversion, convert
from pos.inventory.explosion import ADD, REPLACE, Formula, Part
from pos.inventory.models.recipes import IN_BATCHES

_GRAPH: Final = """
WITH RECURSIVE above (owner) AS (
    SELECT unnest(%(changed)s::uuid[])
    UNION
    SELECT COALESCE(recipe.variant_id, recipe.modifier_id)
    FROM above
    JOIN pos_recipeline AS line ON line.ingredient_id = above.owner
    JOIN pos_recipe AS recipe ON recipe.id = line.recipe_id
), below (owner) AS (
    SELECT owner FROM above
    UNION
    SELECT line.ingredient_id
    FROM below
    JOIN pos_recipe AS recipe ON below.owner IN (recipe.variant_id, recipe.modifier_id)
    JOIN pos_recipeline AS line ON line.recipe_id = recipe.id
)
SELECT below.owner, below.owner IN (SELECT owner FROM above), recipe.made, recipe.yield_quantity,
    recipe.yield_unit, dish.unit, dish.units, line.effect, line.ingredient_id, line.quantity, line.unit,
    line.waste_percent, item.unit, item.units, line.replaced_id, other.unit
FROM below
JOIN pos_recipe AS recipe ON below.owner IN (recipe.variant_id, recipe.modifier_id)
JOIN pos_recipeline AS line ON line.recipe_id = recipe.id
JOIN pos_variant AS ingredient ON ingredient.id = line.ingredient_id
JOIN pos_item AS item ON item.id = ingredient.item_id
LEFT JOIN pos_variant AS owner ON owner.id = recipe.variant_id
LEFT JOIN pos_item AS dish ON dish.id = owner.item_id
LEFT JOIN pos_variant AS replaced ON replaced.id = line.replaced_id
LEFT JOIN pos_item AS other ON other.id = replaced.item_id
ORDER BY below.owner, line.position
"""
_HUNDRED: Final = Decimal(100)


class UnknownRecipeUnit(ValueError):
    """A recipe states a unit that its ingredient (by `position`; None: the dish itself) does not have."""

    def __init__(self, owner: UUID, position: int | None, detail: str) -> None:
        super().__init__(detail)
        self.owner, self.position = owner, position


@dataclass(slots=True)
class RecipeGraph:
    """Formulas by owner; `above` are those that a change may have changed, the changed ones included."""

    formulas: dict[UUID, Formula] = field(default_factory=dict)
    above: set[UUID] = field(default_factory=set)


def recipe_graph(*, changed: Collection[UUID]) -> RecipeGraph:
    """The recipes around those of `changed` (variants or modifiers). Raises `UnknownRecipeUnit`."""
    graph = RecipeGraph(above=set(changed))
    lines: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in _rows(changed):
        lines.setdefault(row["owner"], []).append(row)
        if row["is_above"]:
            graph.above.add(row["owner"])
    for owner, rows in lines.items():
        first = rows[0]
        graph.formulas[owner] = Formula(
            parts=tuple(_part(owner, place, row) for place, row in enumerate(rows)),
            makes=_makes(owner, first),
            in_batches=first["made"] == IN_BATCHES,
        )
    return graph


_COLUMNS: Final = (
    "owner",
    "is_above",
    "made",
    "yield_quantity",
    "yield_unit",
    "dish_unit",
    "dish_units",
    "effect",
    "ingredient",
    "quantity",
    "unit",
    "waste_percent",
    "item_unit",
    "item_units",
    "replaced",
    "replaced_unit",
)


def _rows(changed: Collection[UUID]) -> list[Mapping[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_GRAPH, {"changed": list(changed)})
        return [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def _makes(owner: UUID, row: Mapping[str, Any]) -> Fraction:
    """How many units of the dish a recipe makes; a modifier's recipe is for one."""
    if row["dish_unit"] is None:
        return Fraction(1)
    try:
        return convert(
            quantity=row["yield_quantity"],
            from_unit=row["yield_unit"] or row["dish_unit"],
            to_unit=row["dish_unit"],
            units=_units(row["dish_units"]),
            unit=row["dish_unit"],
        )
    except NoConversion as error:
        raise UnknownRecipeUnit(owner, None, str(error)) from error


def _part(owner: UUID, place: int, row: Mapping[str, Any]) -> Part:
    effect, units = row["effect"], _units(row["item_units"])
    try:
        quantity, ratio = None, Fraction(1)
        if effect == REPLACE:
            ratio = convert(
                quantity=1,
                from_unit=row["replaced_unit"],
                to_unit=row["item_unit"],
                units=units,
                unit=row["item_unit"],
            )
        elif row["quantity"] is not None:
            quantity = convert(
                quantity=row["quantity"],
                from_unit=row["unit"] or row["item_unit"],
                to_unit=row["item_unit"],
                units=units,
                unit=row["item_unit"],
            )
    except NoConversion as error:
        raise UnknownRecipeUnit(owner, place, str(error)) from error
    if effect == ADD and quantity is not None:
        quantity /= 1 - Fraction(row["waste_percent"]) / Fraction(_HUNDRED)
    return Part(
        ingredient=row["ingredient"], quantity=quantity, effect=effect, replaced=row["replaced"], ratio=ratio
    )


def _units(value: Any) -> list[dict[str, Any]]:
    """A jsonb column read by hand comes as text."""
    if value is None:
        return []
    found: list[dict[str, Any]] = orjson.loads(value) if isinstance(value, str | bytes) else value
    return found
