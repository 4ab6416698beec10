"""Writing recipes: one document per dish or modifier, every version kept, needs multiplied out at once."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Max

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.errors import FieldProblem, NotFound
from fynlo.events.log import append, unit_of_work
from pos.catalog.models import Modifier, Variant
from pos.events import RecipeChanged, RecipeRemoved
from pos.inventory.errors import UnacceptableStock
from pos.inventory.explosion import RecipeProblem
from pos.inventory.models import Recipe, RecipeLine, RecipeVersion, StockHead
from pos.inventory.models.recipes import ADD, REPLACE, TO_ORDER
from pos.inventory.places import Place
from pos.inventory.queries.recipe_graph import UnknownRecipeUnit
from pos.inventory.queries.recipes import names_of, recipe_document, recipe_of, recipes
from pos.inventory.services.dishes import watch_dishes
from pos.inventory.services.recipe_needs import refresh_needs
from pos.registers.models import Location

WRITE: Final = "stock.write"
Matches = Callable[[Mapping[str, Any]], None]
"""Raises when the record is not what the caller has read."""
_ALL_OF_IT: Final = 100
_SENTENCES: Final = {
    "recipe_cycle": "It would be made of itself: {path}.",
    "recipe_too_deep": "Too many recipes within each other: {path}.",
    "recipe_too_large": "Multiplied out, the recipe of {path} has too many ingredients, or quantities too fine.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeLineDraft:
    """A line as it shall be; see `pos.inventory.models.RecipeLine`. Without a unit the ingredient's own."""

    variant_id: UUID
    effect: str = ADD
    quantity: Decimal | None = None
    unit: str = ""
    waste_percent: Decimal = Decimal(0)
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeDraft:
    """A recipe as it shall be, whole."""

    lines: tuple[RecipeLineDraft, ...]
    made: str = TO_ORDER
    yield_quantity: Decimal = Decimal(1)
    yield_unit: str = ""
    note: str = ""


def save_recipe(
    *, owner_id: UUID, draft: RecipeDraft, actor: Actor, at: dt.datetime, matches: Matches | None = None
) -> dict[str, Any]:
    """Make the recipe of a variant or a modifier what `draft` says, from `at` on; returns its document.

    Sales that happened before keep what they took. The same again changes and tells nothing. `matches` sees the
    recipe that is there already. Raises `NotFound` for neither a variant nor a modifier, `UnacceptableStock` with
    pointers for what cannot be (`recipe_cycle` names the path), `Forbidden` without `stock.write`.
    """
    actor.require(WRITE)

    def write() -> dict[str, Any]:
        with unit_of_work():
            lock_recipes()
            return _save(owner_id, draft, actor, at, matches)

    return run_transaction(write)


def remove_recipe(
    *, owner_id: UUID, actor: Actor, at: dt.datetime, matches: Matches | None = None
) -> dict[str, Any]:
    """Remove a recipe from `at` on; returns it as it was. A dish without one is itself what is on the shelf.

    Raises `NotFound` when there is none.
    """
    actor.require(WRITE)

    def write() -> dict[str, Any]:
        with unit_of_work():
            lock_recipes()
            recipe = recipe_of(owner_id=owner_id)
            if recipe is None:
                raise NotFound("There is no recipe of this.")
            document = recipe_document(recipe)
            if matches is not None:
                matches(document)
            recipe.delete()
            _keep_version(owner_id, recipe.revision + 1, None, actor, at)
            refresh_needs(changed=[owner_id], at=at)
            _look_again(owner_id, at)
            append(RecipeRemoved(entity_id=owner_id, at=at, state=document))
            return document

    return run_transaction(write)


def lock_recipes() -> None:
    """Writers of recipes come one after the other, so no two of them close a circle together. Sales only read."""
    StockHead.objects.select_for_update().get()


def _save(
    owner_id: UUID, draft: RecipeDraft, actor: Actor, at: dt.datetime, matches: Matches | None
) -> dict[str, Any]:
    variant = Variant.objects.select_related("item").filter(pk=owner_id).first()
    if variant is None and not Modifier.objects.filter(pk=owner_id).exists():
        raise NotFound("There is no such variant or modifier.")
    draft = _in_own_units(draft, variant)
    _refuse(_problems(draft, is_dish=variant is not None))
    known = recipe_of(owner_id=owner_id)
    if known is not None:
        before = recipe_document(known)
        if matches is not None:
            matches(before)
        if _is_same(known, draft):
            return before
    last = RecipeVersion.objects.filter(owner_id=owner_id).aggregate(last=Max("revision"))["last"] or 0
    recipe = known or Recipe(**{"variant_id" if variant else "modifier_id": owner_id})
    _write_rows(recipe, draft, revision=last + 1, actor=actor, at=at)
    document = recipe_document(recipes().get(pk=recipe.pk))
    _multiply_out(owner_id, draft, at=at, is_first=last == 0)
    _keep_version(owner_id, recipe.revision, document, actor, at)
    _look_again(owner_id, at)
    append(RecipeChanged(entity_id=owner_id, at=at, state=document))
    return document


def _write_rows(recipe: Recipe, draft: RecipeDraft, *, revision: int, actor: Actor, at: dt.datetime) -> None:
    recipe.made, recipe.note = draft.made, draft.note
    recipe.yield_quantity, recipe.yield_unit = draft.yield_quantity, draft.yield_unit
    recipe.revision, recipe.changed_at, recipe.changed_by = revision, at, actor.id
    recipe.save()
    RecipeLine.objects.filter(recipe=recipe).delete()
    RecipeLine.objects.bulk_create(
        RecipeLine(
            recipe=recipe,
            position=position,
            effect=line.effect,
            ingredient_id=line.variant_id,
            quantity=line.quantity,
            unit=line.unit,
            waste_percent=line.waste_percent,
            replaced_id=line.replaces,
        )
        for position, line in enumerate(draft.lines)
    )


def _multiply_out(owner_id: UUID, draft: RecipeDraft, *, at: dt.datetime, is_first: bool) -> None:
    """Keep the needs of whatever the recipe is part of; what cannot be multiplied out is refused by name."""
    try:
        refresh_needs(changed=[owner_id], at=at, is_first=is_first)
    except RecipeProblem as error:
        names = names_of(keys=error.path)
        path = " → ".join(names.get(key, str(key)) for key in error.path)
        _refuse(
            [FieldProblem(_line_of(draft, error.path), error.code, _SENTENCES[error.code].format(path=path))]
        )
    except UnknownRecipeUnit as error:
        if error.owner == owner_id:
            pointer = "/yield_unit" if error.position is None else f"/lines/{error.position}/unit"
            _refuse([FieldProblem(pointer, "unknown_unit", f"Unknown unit: {error}.")])
        name = names_of(keys=[error.owner]).get(error.owner, "")
        _refuse([FieldProblem("/lines", "unknown_unit", f"The recipe of {name} cannot be read: {error}.")])


def _line_of(draft: RecipeDraft, path: Sequence[UUID]) -> str:
    """The line by which a path leaves the recipe."""
    for place, line in enumerate(draft.lines):
        if line.variant_id in path[1:]:
            return f"/lines/{place}/variant_id"
    return "/lines"


def _look_again(owner_id: UUID, at: dt.datetime) -> None:
    """Made of something else, a dish may be out or may go on."""
    places = Location.objects.order_by("id").values_list("id", flat=True)
    watch_dishes(levels=[Place(location_id, owner_id) for location_id in places], at=at)


def _keep_version(
    owner_id: UUID, revision: int, document: dict[str, Any] | None, actor: Actor, at: dt.datetime
) -> None:
    RecipeVersion(owner_id=owner_id, revision=revision, document=document, at=at, changed_by=actor.id).save()


def _in_own_units(draft: RecipeDraft, variant: Variant | None) -> RecipeDraft:
    """The same with the items' own units left out, so that saying them is no change."""
    keys = [line.variant_id for line in draft.lines]
    own = dict(Variant.objects.filter(pk__in=keys).values_list("pk", "item__unit"))
    lines = tuple(
        replace(line, unit="" if line.unit == own.get(line.variant_id) else line.unit) for line in draft.lines
    )
    is_own = variant is not None and draft.yield_unit == variant.item.unit
    return replace(draft, lines=lines, yield_unit="" if is_own else draft.yield_unit)


def _is_same(recipe: Recipe, draft: RecipeDraft) -> bool:
    there = tuple(
        RecipeLineDraft(
            variant_id=line.ingredient_id,
            effect=line.effect,
            quantity=line.quantity,
            unit=line.unit,
            waste_percent=line.waste_percent,
            replaces=line.replaced_id,
        )
        for line in recipe.lines.all()
    )
    return draft == RecipeDraft(
        lines=there,
        made=recipe.made,
        yield_quantity=recipe.yield_quantity,
        yield_unit=recipe.yield_unit,
        note=recipe.note,
    )


def _problems(draft: RecipeDraft, *, is_dish: bool) -> list[FieldProblem]:
    problems = []
    if is_dish and draft.yield_quantity <= 0:
        problems.append(
            FieldProblem("/yield_quantity", "quantity_out_of_range", "More than nothing is made.")
        )
    if not is_dish:
        if draft.made != TO_ORDER:
            problems.append(FieldProblem("/made", "not_of_modifiers", "A modifier is always made to order."))
        if draft.yield_quantity != 1 or draft.yield_unit:
            detail = "A modifier's recipe is for one of it."
            problems.append(FieldProblem("/yield_quantity", "not_of_modifiers", detail))
    known = set(
        Variant.objects.filter(
            pk__in={key for line in draft.lines for key in (line.variant_id, line.replaces) if key}
        ).values_list("pk", flat=True)
    )
    made = set(
        Recipe.objects.filter(variant_id__in=known, made=TO_ORDER).values_list("variant_id", flat=True)
    )
    for place, line in enumerate(draft.lines):
        at = f"/lines/{place}"
        problems += _line_problems(line, at, is_dish=is_dish)
        for name, key in (("variant_id", line.variant_id), ("replaces", line.replaces)):
            if key is not None and key not in known:
                problems.append(FieldProblem(f"{at}/{name}", "not_found", "There is no such variant."))
        if line.replaces in made:
            detail = "This is made to order; say which of its ingredients is replaced."
            problems.append(FieldProblem(f"{at}/replaces", "replaced_is_made", detail))
    return problems


def _line_problems(line: RecipeLineDraft, at: str, *, is_dish: bool) -> list[FieldProblem]:
    problems = []
    if is_dish and line.effect != ADD:
        problems.append(
            FieldProblem(f"{at}/effect", "only_of_modifiers", "Only modifiers take something out.")
        )
    if line.effect == ADD and line.quantity is None:
        problems.append(FieldProblem(f"{at}/quantity", "required", "Say how much of it."))
    if line.quantity is not None and line.quantity <= 0:
        problems.append(
            FieldProblem(f"{at}/quantity", "quantity_out_of_range", "More than nothing is needed.")
        )
    if not 0 <= line.waste_percent < _ALL_OF_IT:
        detail = "A share from 0 to less than 100 per cent is expected."
        problems.append(FieldProblem(f"{at}/waste_percent", "quantity_out_of_range", detail))
    elif line.effect != ADD and line.waste_percent:
        detail = "Nothing is lost of what is taken out or swapped."
        problems.append(FieldProblem(f"{at}/waste_percent", "only_when_added", detail))
    if (line.effect == REPLACE) != (line.replaces is not None):
        problems.append(FieldProblem(f"{at}/replaces", "required", "Say what is replaced, and only then."))
    if line.effect == REPLACE and line.quantity is not None:
        detail = "As much comes as was there; to bring another quantity, remove one and add the other."
        problems.append(FieldProblem(f"{at}/quantity", "not_when_replaced", detail))
    if line.replaces is not None and line.replaces == line.variant_id:
        problems.append(FieldProblem(f"{at}/replaces", "itself", "This replaces itself."))
    return problems


def _refuse(problems: Sequence[FieldProblem]) -> None:
    if problems:
        raise UnacceptableStock(problems[0].detail, errors=problems)
