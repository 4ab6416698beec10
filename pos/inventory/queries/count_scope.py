"""Which variants a count is about."""

from typing import Any, Final
from uuid import UUID

from django.db import connection

from pos.inventory.count_drafts import CountScope
from pos.inventory.models import StockHead
from pos.inventory.models.settings import ALLOW, UNTRACKED

# What is kept in stock: of the catalogue and active, or still on the shelf; no dish that is made when it is sold.
# Classes by value: A until 80 % of what is on the shelves of this location, B until 95 %, C the rest.
_SCOPE: Final = """
WITH RECURSIVE inside AS (
    SELECT id FROM pos_category WHERE id = ANY(%(categories)s::uuid[])
    UNION SELECT child.id FROM pos_category AS child JOIN inside ON child.parent_id = inside.id
), kept AS (
    SELECT variant.id, level.counted_at, GREATEST(COALESCE(level.value_minor, 0), 0) AS worth
    FROM pos_variant AS variant
    JOIN pos_item AS item ON item.id = variant.item_id
    LEFT JOIN pos_stockitem AS own ON own.item_id = item.id
    LEFT JOIN pos_stocklevel AS level ON level.variant_id = variant.id AND level.location_id = %(location)s
    WHERE COALESCE(NULLIF(own.policy, ''), %(policy)s) <> %(untracked)s
        AND ((variant.is_active AND item.is_active) OR COALESCE(level.on_hand, 0) <> 0)
        AND (COALESCE(level.on_hand, 0) <> 0 OR NOT EXISTS (
            SELECT FROM pos_recipe AS recipe WHERE recipe.variant_id = variant.id AND recipe.made = 'to_order'))
        AND (cardinality(%(variants)s::uuid[]) = 0 OR variant.id = ANY(%(variants)s::uuid[]))
        AND (cardinality(%(categories)s::uuid[]) = 0 OR item.category_id IN (SELECT id FROM inside))
        AND (cardinality(%(tags)s::text[]) = 0 OR item.tags && %(tags)s::varchar[])
), shares AS (
    SELECT level.variant_id, SUM(GREATEST(level.value_minor, 0))
            OVER (ORDER BY GREATEST(level.value_minor, 0) DESC, level.variant_id) - GREATEST(level.value_minor, 0)
            AS before, SUM(GREATEST(level.value_minor, 0)) OVER () AS total
    FROM pos_stocklevel AS level WHERE level.location_id = %(location)s
), classed AS (
    SELECT kept.id, kept.counted_at, CASE WHEN kept.worth = 0 THEN 'C'
        WHEN shares.before < shares.total * 0.80 THEN 'A' WHEN shares.before < shares.total * 0.95 THEN 'B'
        ELSE 'C' END AS class
    FROM kept LEFT JOIN shares ON shares.variant_id = kept.id
)
SELECT id FROM classed WHERE cardinality(%(classes)s::text[]) = 0 OR class = ANY(%(classes)s::text[])
ORDER BY counted_at NULLS FIRST, id LIMIT %(limit)s
"""


def variants_in_scope(*, scope: CountScope, location_id: UUID) -> list[UUID]:
    """The variants to be counted, those first that were counted longest ago; one statement, and the settings."""
    house = StockHead.objects.values_list("default_policy", flat=True).first() or ALLOW
    asked: dict[str, Any] = {
        "location": location_id,
        "policy": house,
        "untracked": UNTRACKED,
        "variants": list(scope.variant_ids),
        "categories": list(scope.category_ids),
        "tags": list(scope.tags),
        "classes": list(scope.value_classes),
        "limit": scope.limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SCOPE, asked)
        return [row[0] for row in cursor.fetchall()]
