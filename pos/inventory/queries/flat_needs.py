"""What recipes in force say one unit of a dish or one modifier needs: read whole, in one statement.

`FLAT_NEEDS` is ready to be joined: `WITH need AS (FLAT_NEEDS) SELECT …` with the parameters `owners` (keys of
variants and of modifiers, in one list) and `at` (when the sale happened); its rows, in the order of its columns,
go to `needs_of`. With the answer, `pos.inventory.explosion.explode` says what leaves the shelf.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from django.db import connection

from pos.inventory.explosion import FlatNeeds, Need

FLAT_NEEDS: Final = """
SELECT owner_id, effect, ingredient_id, numerator, denominator, replaced_id, via
FROM pos_recipeneed
WHERE owner_id = ANY(%(owners)s::uuid[]) AND effect <> 'batch'
    AND (since IS NULL OR since <= %(at)s) AND (until IS NULL OR until > %(at)s)
"""
# What a batch is made of, beside what is made to order: for productions and costs.
_WITH_BATCHES: Final = FLAT_NEEDS.replace(" AND effect <> 'batch'", "") + " ORDER BY id"


def flat_needs(
    *, variant_ids: Collection[UUID], modifier_ids: Collection[UUID], at: dt.datetime
) -> FlatNeeds:
    """What sold variants and modifiers needed at `at`. Dishes made in batches are stock, so they have none."""
    if not variant_ids and not modifier_ids:
        return FlatNeeds()
    return _read(FLAT_NEEDS + " ORDER BY id", [*variant_ids, *modifier_ids], at)


def batch_needs(*, variant_ids: Collection[UUID], at: dt.datetime) -> FlatNeeds:
    """What one unit of each variant is made of, those made in batches as well."""
    return _read(_WITH_BATCHES, list(variant_ids), at) if variant_ids else FlatNeeds()


def needs_of(rows: Iterable[Sequence[Any]]) -> FlatNeeds:
    """The rows of `FLAT_NEEDS` by owner."""
    found: dict[UUID, list[Need]] = {}
    for owner, effect, ingredient, numerator, denominator, replaced, via in rows:
        need = Need(
            effect=effect,
            ingredient=ingredient,
            quantity=_fraction(numerator, denominator),
            replaced=replaced,
            via=tuple(via),
        )
        found.setdefault(owner, []).append(need)
    return FlatNeeds(by_owner=found)


def _read(statement: str, owners: list[UUID], at: dt.datetime) -> FlatNeeds:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"owners": owners, "at": at})
        return needs_of(cursor.fetchall())


def _fraction(numerator: Decimal | None, denominator: Decimal | None) -> Fraction | None:
    return None if numerator is None or denominator is None else Fraction(int(numerator), int(denominator))
