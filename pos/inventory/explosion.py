"""What a sale takes off the shelf: recipes multiplied out, exactly. Pure.

Quantities are Fractions in the ingredient's own unit and are rounded once, by `stock_quantity`, when they become
a movement. Two steps: `flatten` multiplies a recipe out when it changes, `explode` puts together what was sold.
Worked examples: docs/concepts/recipes.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

ADD: Final = "add"
REMOVE: Final = "remove"
REPLACE: Final = "replace"
BATCH: Final = "batch"
DEEPEST: Final = 10
"""Recipes within recipes, counted from the dish."""
MOST_NEEDS: Final = 500
"""Ingredients of one dish, counted once for each line that brings them."""
MOST_DIGITS: Final = 300
"""Digits of a numerator or denominator; real kitchens have a dozen."""


_ZERO: Final = Fraction(0)


class RecipeProblem(ValueError):
    """A recipe that cannot be multiplied out; `code` says why, `path` by way of what."""

    code = "recipe_problem"

    def __init__(self, path: Sequence[UUID]) -> None:
        super().__init__(self.code)
        self.path = tuple(path)


class RecipeCycle(RecipeProblem):
    """A dish that would be made of itself: `path` begins and ends with it."""

    code = "recipe_cycle"


class RecipeTooDeep(RecipeProblem):
    """More than `DEEPEST` recipes within each other."""

    code = "recipe_too_deep"


class RecipeTooLarge(RecipeProblem):
    """More than `MOST_NEEDS` ingredients, or quantities of more digits than any kitchen has."""

    code = "recipe_too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A line of a recipe: `quantity` of an ingredient as taken from the shelf, in its own unit.

    What is lost (peel, bone) is in the quantity. None: all of it (`remove`), or as much as `replaced` had times
    `ratio` (`replace`).
    """

    ingredient: UUID
    quantity: Fraction | None
    effect: str = ADD
    replaced: UUID | None = None
    ratio: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A recipe: `parts` make `makes` units of its owner (a modifier: what one of it changes)."""

    parts: tuple[Part, ...]
    makes: Fraction = Fraction(1)
    in_batches: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one unit of the owner does to a stocked ingredient, by way of the sub-recipes `via`."""

    ingredient: UUID
    quantity: Fraction | None
    effect: str = ADD
    replaced: UUID | None = None
    via: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A modifier the guest chose, `quantity` times per unit of the dish."""

    modifier_id: UUID
    quantity: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """`quantity` units of a variant with its modifiers; a combo is a portion of each component."""

    variant_id: UUID
    quantity: Fraction | Decimal
    modifiers: tuple[Chosen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatNeeds:
    """What recipes in force say, by owner. A variant without an entry is itself what is on the shelf."""

    by_owner: Mapping[UUID, Sequence[Need]] = field(default_factory=dict)

    def of_dish(self, variant_id: UUID) -> Sequence[Need]:
        """What one unit of a variant takes off the shelf."""
        return self.by_owner.get(variant_id) or (Need(ingredient=variant_id, quantity=Fraction(1)),)

    def of_modifier(self, modifier_id: UUID) -> Sequence[Need]:
        """What one modifier changes."""
        return self.by_owner.get(modifier_id, ())


def flatten(*, owner: UUID, formulas: Mapping[UUID, Formula]) -> tuple[Need, ...]:
    """What one unit of `owner` needs of stocked ingredients, in the order of the lines.

    Ingredients with a formula of their own that is not made in batches are sub-recipes and multiplied out; `owner`
    always is. Raises `RecipeCycle`, `RecipeTooDeep`, `RecipeTooLarge`.
    """
    summed: dict[tuple[str, UUID, UUID | None, tuple[UUID, ...]], Fraction | None] = {}
    formula = formulas[owner]
    found = (
        need for part in formula.parts for need in _multiplied(part, 1 / formula.makes, (owner,), formulas)
    )
    for count, need in enumerate(found, 1):
        key = (need.effect, need.ingredient, need.replaced, need.via)
        before = summed.get(key, _ZERO)
        summed[key] = None if before is None or need.quantity is None else before + need.quantity
        _check_size(summed[key], count, owner)
    return tuple(
        Need(effect=effect, ingredient=ingredient, replaced=replaced, via=via, quantity=quantity)
        for (effect, ingredient, replaced, via), quantity in summed.items()
    )


def refuse_cycles(*, owner: UUID, formulas: Mapping[UUID, Formula]) -> None:
    """Raise `RecipeCycle` if `owner` is made of itself, also by way of batches; `RecipeTooDeep`."""
    done: set[UUID] = set()

    def walk(node: UUID, path: tuple[UUID, ...]) -> None:
        if node in path:
            raise RecipeCycle((*path[path.index(node) :], node))
        if len(path) > DEEPEST:
            raise RecipeTooDeep((*path, node))
        if node in done or node not in formulas:
            return
        for part in formulas[node].parts:
            walk(part.ingredient, (*path, node))
        done.add(node)

    walk(owner, ())


def explode(*, portions: Iterable[Portion], needs: FlatNeeds) -> dict[UUID, Fraction]:
    """What all portions together take off the shelf, by ingredient; never below zero of any in one portion."""
    taken: dict[UUID, Fraction] = {}
    for portion in portions:
        for ingredient, quantity in _one(portion, needs).items():
            taken[ingredient] = taken.get(ingredient, _ZERO) + quantity * Fraction(portion.quantity)
    return {ingredient: quantity for ingredient, quantity in taken.items() if quantity}


def _multiplied(
    part: Part, factor: Fraction, path: tuple[UUID, ...], formulas: Mapping[UUID, Formula]
) -> Iterable[Need]:
    inner = formulas.get(part.ingredient)
    via = path[1:]
    if part.ingredient in path:
        raise RecipeCycle((*path[path.index(part.ingredient) :], part.ingredient))
    quantity = None if part.quantity is None else part.quantity * factor
    if part.effect == REPLACE:
        quantity = part.ratio
    if inner is None or inner.in_batches or quantity is None:
        yield Need(
            effect=part.effect, ingredient=part.ingredient, quantity=quantity, replaced=part.replaced, via=via
        )
        return
    if len(path) >= DEEPEST:
        raise RecipeTooDeep((*path, part.ingredient))
    for each in inner.parts:
        for need in _multiplied(each, quantity / inner.makes, (*path, part.ingredient), formulas):
            yield Need(
                effect=part.effect,
                ingredient=need.ingredient,
                quantity=need.quantity,
                replaced=part.replaced,
                via=need.via,
            )


def _check_size(quantity: Fraction | None, count: int, owner: UUID) -> None:
    longest = 10**MOST_DIGITS
    too_fine = quantity is not None and (quantity.numerator >= longest or quantity.denominator >= longest)
    if count > MOST_NEEDS or too_fine:
        raise RecipeTooLarge((owner,))


def _one(portion: Portion, needs: FlatNeeds) -> dict[UUID, Fraction]:
    """One unit of a portion. First modifiers take out of the dish, then others add, then others swap."""
    chosen = [
        (needs.of_modifier(each.modifier_id), each.quantity)
        for each in portion.modifiers
        if each.quantity > 0
    ]
    dish = needs.of_dish(portion.variant_id)
    if not chosen:
        return _summed((need.ingredient, need.quantity or _ZERO) for need in dish)
    taken = _without(dish, chosen)
    for changes, times in chosen:
        for need in changes:
            if need.effect == ADD and need.quantity is not None:
                taken[need.ingredient] = taken.get(need.ingredient, _ZERO) + need.quantity * times
    return _swapped(taken, [changes for changes, _ in chosen])


def _without(dish: Sequence[Need], chosen: Sequence[tuple[Sequence[Need], Fraction]]) -> dict[UUID, Fraction]:
    """The dish less what modifiers take out of it: all of an ingredient, or a quantity, never below zero."""
    removed = [(need, times) for changes, times in chosen for need in changes if need.effect == REMOVE]
    gone = {need.ingredient for need, _ in removed if need.quantity is None}
    taken = _summed(
        (need.ingredient, need.quantity or _ZERO)
        for need in dish
        if need.ingredient not in gone and gone.isdisjoint(need.via)
    )
    for need, times in removed:
        if need.quantity is not None and need.ingredient in taken:
            taken[need.ingredient] = max(_ZERO, taken[need.ingredient] - need.quantity * times)
    return taken


def _swapped(taken: Mapping[UUID, Fraction], chosen: Sequence[Sequence[Need]]) -> dict[UUID, Fraction]:
    """Ingredients replaced. Of two modifiers that replace the same one the first counts, and what came stays."""
    after = dict(taken)
    replaced: set[UUID] = set()
    for changes in chosen:
        swaps = [need for need in changes if need.replaced is not None and need.replaced not in replaced]
        for need in swaps:
            there = taken.get(need.replaced, _ZERO)  # type: ignore[arg-type]
            after[need.ingredient] = after.get(need.ingredient, _ZERO) + there * (need.quantity or _ZERO)
        for key in {need.replaced for need in swaps if need.replaced is not None}:
            replaced.add(key)
            if key in after:
                after[key] -= taken.get(key, _ZERO)
    return after


def _summed(pairs: Iterable[tuple[UUID, Fraction]]) -> dict[UUID, Fraction]:
    sums: dict[UUID, Fraction] = {}
    for key, quantity in pairs:
        sums[key] = sums.get(key, _ZERO) + quantity
    return sums
