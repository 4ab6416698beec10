"""What a sale has to know of stock before it locks a row: policies, and how pieces are told apart."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import connection

from pos.inventory.models.settings import NO_LOTS
from pos.inventory.policies import ALLOW

# Every sale asks this; written by hand because the ORM takes longer to word it than the server to answer.
_NEEDS: Final = """
SELECT variant.id, COALESCE(NULLIF(kept.policy, ''), head.default_policy), COALESCE(kept.tracking, 'none')
FROM pos_variant AS variant
CROSS JOIN pos_stockhead AS head
LEFT JOIN pos_stockitem AS kept ON kept.item_id = variant.item_id
WHERE variant.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockNeeds:
    """How stock of what is sold is kept. Variants that the catalogue no longer has are in neither mapping.

    `policies` is what a sale does when there is not enough of a variant, `tracking` has those whose lots or
    serial numbers are told apart.
    """

    policies: Mapping[UUID, str]
    tracking: Mapping[UUID, str] = field(default_factory=dict)

    def policy(self, variant_id: UUID) -> str:
        """What a sale does when there is not enough of it."""
        return self.policies.get(variant_id, ALLOW)


def stock_needs(*, variant_ids: Collection[UUID]) -> StockNeeds:
    """How stock of these variants is kept, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_NEEDS, [list(variant_ids)])
        rows = cursor.fetchall()
    return StockNeeds(
        policies={key: policy for key, policy, _ in rows},
        tracking={key: tracking for key, _, tracking in rows if tracking != NO_LOTS},
    )
