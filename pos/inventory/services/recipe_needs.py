"""What dishes need, kept when recipes change: what was in force stays readable for sales that come late."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from pos.inventory.explosion import BATCH, Need, flatten, refuse_cycles
from pos.inventory.models import RecipeNeed
from pos.inventory.queries.flat_needs import needs_of
from pos.inventory.queries.recipe_graph import RecipeGraph, recipe_graph


def refresh_needs(*, changed: Collection[UUID], at: dt.datetime, is_first: bool = False) -> None:
    """Multiply out anew whatever the recipes of `changed` (variants or modifiers) are part of.

    What it was before ends `at`. The first recipe of a dish (`is_first`) counts for what was sold before it as
    well, since nothing else is known of that time. Six statements. Runs in the caller's unit of work, with the
    recipes locked. Raises `UnknownRecipeUnit` and the `RecipeProblem`s of `pos.inventory.explosion`.
    """
    graph = recipe_graph(changed=changed)
    for owner in sorted(changed):
        refuse_cycles(owner=owner, formulas=graph.formulas)
    _write(_flat(graph), at=at, is_first=is_first)


def _flat(graph: RecipeGraph) -> dict[UUID, tuple[Need, ...]]:
    found: dict[UUID, tuple[Need, ...]] = {}
    for owner in sorted(graph.above):
        formula = graph.formulas.get(owner)
        needs = () if formula is None else flatten(owner=owner, formulas=graph.formulas)
        if formula is not None and formula.in_batches:
            needs = tuple(replace(need, effect=BATCH) for need in needs)
        found[owner] = needs
    return found


def _write(flat: Mapping[UUID, tuple[Need, ...]], *, at: dt.datetime, is_first: bool) -> None:
    """Rows that differ end and begin anew; those of a first recipe take the place of what was there."""
    known = _current(flat.keys())
    ever = set(RecipeNeed.objects.filter(owner_id__in=list(flat)).values_list("owner_id", flat=True))
    ended: list[UUID] = []
    gone: list[UUID] = []
    new: list[RecipeNeed] = []
    for owner, needs in flat.items():
        since, rows = known.get(owner, (None, []))
        if set(needs) == set(_needs(rows)):
            continue
        in_place = is_first or (since is not None and since >= at)
        (gone if in_place else ended).extend(row.pk for row in rows)
        begins = since if in_place and rows else (at if owner in ever or not is_first else None)
        new += [_row(owner, need, begins) for need in needs]
    RecipeNeed.objects.filter(pk__in=gone).delete()
    RecipeNeed.objects.filter(pk__in=ended).update(until=at)
    RecipeNeed.objects.bulk_create(new)


def _current(owners: Iterable[UUID]) -> dict[UUID, tuple[dt.datetime | None, list[RecipeNeed]]]:
    """The rows in force, by owner, and since when they are: an owner's rows are always written together."""
    found: dict[UUID, tuple[dt.datetime | None, list[RecipeNeed]]] = {}
    for row in RecipeNeed.objects.filter(owner_id__in=list(owners), until=None).order_by("id"):
        found.setdefault(row.owner_id, (row.since, []))[1].append(row)
    return found


def _needs(rows: Iterable[RecipeNeed]) -> list[Need]:
    told = needs_of(
        (
            row.owner_id,
            row.effect,
            row.ingredient_id,
            row.numerator,
            row.denominator,
            row.replaced_id,
            row.via,
        )
        for row in rows
    )
    return [need for needs in told.by_owner.values() for need in needs]


def _row(owner: UUID, need: Need, since: dt.datetime | None) -> RecipeNeed:
    return RecipeNeed(
        owner_id=owner,
        effect=need.effect,
        ingredient_id=need.ingredient,
        numerator=_whole(need.quantity, "numerator"),
        denominator=_whole(need.quantity, "denominator"),
        replaced_id=need.replaced,
        via=list(need.via),
        since=since,
    )


def _whole(quantity: Fraction | None, part: str) -> Decimal | None:
    return None if quantity is None else Decimal(getattr(quantity, part))
