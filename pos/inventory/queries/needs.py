"""What a sale has to know of stock before it locks a row: policies, recipes, and how pieces are told apart."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import connection

from pos.inventory.explosion import FlatNeeds
from pos.inventory.models.settings import NO_LOTS
from pos.inventory.queries.flat_needs import FLAT_NEEDS, needs_of

# Every sale asks this, so it is one statement: first how each variant is kept, of what is sold and of what that is
# made of, then what recipes say.
_NEEDS: Final = f"""
WITH need AS MATERIALIZED ({FLAT_NEEDS})
SELECT TRUE, variant.id, COALESCE(NULLIF(kept.policy, ''), head.default_policy), NULL::uuid, NULL::numeric,
    NULL::numeric, NULL::uuid, NULL::uuid[], COALESCE(kept.tracking, 'none')
FROM (SELECT unnest(%(variants)s::uuid[]) UNION SELECT ingredient_id FROM need) AS asked (id)
JOIN pos_variant AS variant ON variant.id = asked.id
CROSS JOIN pos_stockhead AS head
LEFT JOIN pos_stockitem AS kept ON kept.item_id = variant.item_id
UNION ALL
SELECT FALSE, owner_id, effect, ingredient_id, numerator, denominator, replaced_id, via, NULL FROM need
"""  # noqa: S608  two constants


@dataclass(frozen=True, slots=True, kw_only=True)
class StockNeeds:
    """How stock of what is sold is kept. Variants that the catalogue no longer has are in no mapping.

    `policies` is what a sale does when there is not enough of a variant, `tracking` has those whose lots or
    serial numbers are told apart, `recipes` what dishes and modifiers take off the shelf instead of themselves.
    """

    policies: Mapping[UUID, str]
    tracking: Mapping[UUID, str] = field(default_factory=dict)
    recipes: FlatNeeds = field(default_factory=FlatNeeds)


def stock_needs(
    *, variant_ids: Collection[UUID], modifier_ids: Collection[UUID], at: dt.datetime
) -> StockNeeds:
    """How stock of these variants, and of what they and the modifiers were made of `at` that time, is kept."""
    asked: dict[str, Any] = {"variants": list(variant_ids), "owners": [*variant_ids, *modifier_ids], "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_NEEDS, asked)
        rows = cursor.fetchall()
    kept = [(row[1], row[2], row[8]) for row in rows if row[0]]
    return needs_told(kept=kept, needs=(row[1:8] for row in rows if not row[0]))


def needs_told(*, kept: Collection[tuple[UUID, str, str]], needs: Iterable[Sequence[Any]]) -> StockNeeds:
    """The same from what was read along with other things.

    `kept`: variant, policy and tracking; `needs`: rows of `FLAT_NEEDS`.
    """
    return StockNeeds(
        policies={variant_id: policy for variant_id, policy, _ in kept},
        tracking={variant_id: tracking for variant_id, _, tracking in kept if tracking != NO_LOTS},
        recipes=needs_of(needs),
    )
