"""Where the costs of a stream of movements stand: checkpoints of its replay. A projection, may be made anew."""

from django.db import models

from fynlo.core.models import TenantModel
from pos.catalog.models import Variant


class StockCostState(TenantModel):
    """The state of the replay of a variant at a location after `movement_id`, its `sequence`th movement.

    `at` is that movement's time; `state` is what `pos.inventory.cost_state.dumped` wrote, by `method`. The newest
    one of a stream is where the next settling goes on; every five hundredth is kept for movements that come late.
    """

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey("pos.Location", on_delete=models.CASCADE, related_name="+", db_index=False)
    sequence = models.BigIntegerField()
    method = models.CharField(max_length=10)
    at = models.DateTimeField()
    movement_id = models.UUIDField()
    state = models.JSONField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "location", "sequence"], name="pos_stockcoststate_stream"
            ),
            models.CheckConstraint(
                condition=models.Q(sequence__gt=0), name="pos_stockcoststate_sequence_positive"
            ),
        ]
