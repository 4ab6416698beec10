"""What a batch is to be, and what of it cannot be."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from fynlo.core.errors import FieldProblem
from pos.catalog.conversion import NoConversion, convert
from pos.inventory.errors import UnacceptableStock
from pos.inventory.models import Recipe, StockLot
from pos.inventory.models.recipes import TO_ORDER
from pos.inventory.quantities import stock_quantity
from pos.inventory.queries.goods import LARGEST, Goods


@dataclass(frozen=True, slots=True, kw_only=True)
class IngredientUsed:
    """What really went in: `quantity` of `unit` ('': the ingredient's own), of a lot if somebody knows."""

    variant_id: UUID
    quantity: Decimal
    unit: str = ""
    lot_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionDraft:
    """A batch of `quantity` `unit` of a variant. Without `ingredients`, what the recipe says went in.

    `at` is when it was made, if it is written down later.
    """

    variant_id: UUID
    location_id: UUID
    quantity: Decimal
    unit: str = ""
    ingredients: tuple[IngredientUsed, ...] | None = None
    lot: str = ""
    expires_on: dt.date | None = None
    note: str = ""
    at: dt.datetime | None = None


def in_unit(of: Goods, quantity: Decimal, unit: str) -> Decimal:
    """`quantity` of `unit` ('': its own) of goods in their unit, rounded once. Raises `NoConversion`."""
    return stock_quantity(
        convert(quantity=quantity, from_unit=unit or of.unit, to_unit=of.unit, units=of.units, unit=of.unit)
    )


def production_problems(
    draft: ProductionDraft, known: Mapping[UUID, Goods], recipe: Recipe | None
) -> list[FieldProblem]:
    """What of a batch cannot be."""
    of = known.get(draft.variant_id)
    if of is None:
        return [FieldProblem("/variant_id", "not_found", "There is no such variant.")]
    problems = quantity_problems(of, draft.quantity, draft.unit, "")
    if recipe is not None and recipe.made == TO_ORDER:
        detail = f"{of.name} is made to order: what it is made of leaves stock when it is sold."
        problems.append(FieldProblem("/variant_id", "made_to_order", detail))
    elif recipe is None and draft.ingredients is None:
        detail = "There is no recipe; say what went in."
        problems.append(FieldProblem("/ingredients", "no_recipe", detail))
    if not of.is_stocked:
        problems.append(FieldProblem("/variant_id", "not_stocked", f"Stock of {of.name} is not kept."))
    if draft.expires_on is not None and not draft.lot:
        problems.append(FieldProblem("/lot", "required", "A date belongs to a lot; say which."))
    return problems + _ingredient_problems(draft, known)


def _ingredient_problems(draft: ProductionDraft, known: Mapping[UUID, Goods]) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    lots = dict(
        StockLot.objects.filter(
            pk__in=[each.lot_id for each in draft.ingredients or () if each.lot_id]
        ).values_list("id", "variant_id")
    )
    for place, each in enumerate(draft.ingredients or ()):
        at = f"/ingredients/{place}"
        ingredient = known.get(each.variant_id)
        if ingredient is None:
            problems.append(FieldProblem(f"{at}/variant_id", "not_found", "There is no such variant."))
            continue
        if each.variant_id == draft.variant_id:
            problems.append(FieldProblem(f"{at}/variant_id", "itself", "Nothing is made of itself."))
        problems += quantity_problems(ingredient, each.quantity, each.unit, at)
        if each.lot_id is not None and lots.get(each.lot_id) != each.variant_id:
            detail = f"This is no lot of {ingredient.name}."
            problems.append(FieldProblem(f"{at}/lot_id", "foreign_lot", detail))
    return problems


def quantity_problems(of: Goods, quantity: Decimal, unit: str, at: str) -> list[FieldProblem]:
    """What of a quantity that moves cannot be, with pointers below `at`."""
    try:
        rounded = in_unit(of, quantity, unit)
    except NoConversion:
        return [FieldProblem(f"{at}/unit", "unknown_unit", f"{of.name} is not counted in {unit}.")]
    if rounded <= 0:
        return [FieldProblem(f"{at}/quantity", "quantity_out_of_range", "More than nothing is expected.")]
    if rounded >= LARGEST:
        return [FieldProblem(f"{at}/quantity", "quantity_out_of_range", "The quantity is too large.")]
    return []


def refuse(problems: Sequence[FieldProblem]) -> None:
    """Raise `UnacceptableStock` with all problems, if there are any."""
    if problems:
        raise UnacceptableStock(problems[0].detail, errors=problems)
