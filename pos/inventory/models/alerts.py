"""What somebody should look at: stock that is low, out, too much, expiring or dead."""

from typing import Final

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.catalog.models import Variant
from pos.inventory.models.lots import StockLot

LOW, OUT, OVER, EXPIRING, DEAD = ALERT_KINDS = ("low", "out", "over", "expiring", "dead")
ALERT_WORDS: Final = {
    LOW: "at or below the reorder point",
    OUT: "nothing to sell",
    OVER: "above the maximum",
    EXPIRING: "expires soon, or has",
    DEAD: "has not moved for long",
}


class StockAlert(TenantModel):
    """Something the matter with a variant at a location, from `raised_at` until `cleared_at` (None: still).

    At most one is open per place and kind, of `expiring` per lot: raised once, cleared once. `data` is what was
    so when it was raised, quantities as text.
    """

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey("pos.Location", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in ALERT_KINDS])
    lot = models.ForeignKey(StockLot, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "location", "kind", "lot"],
                condition=Q(cleared_at__isnull=True),
                nulls_distinct=False,
                name="pos_stockalert_one_open",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ALERT_KINDS)
                & (Q(kind="expiring", lot__isnull=False) | (~Q(kind="expiring") & Q(lot__isnull=True))),
                name="pos_stockalert_kind_known",
            ),
        ]
