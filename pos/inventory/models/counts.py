"""Counting: what is to be counted, what everybody counted, and what came of it."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel, TenantModel
from pos.catalog.models import Variant
from pos.inventory import states

FULL, CYCLE, SPOT, BLIND = COUNT_KINDS = ("full", "cycle", "spot", "blind")
LEAVE, ZERO = UNCOUNTED = ("leave", "zero")


class StockCount(TenantModel):
    """One counting of a location by one or many people. `is_blind`: what is expected is told after counting only.

    `scope` is what was asked for when it was opened. `selling_zone` names the zone that customers take from (empty:
    all of them). `uncounted` says what happens to lines nobody counted, stated when it is submitted. The variance
    is the sum of the lines' absolute values, in minor units, as it was decided on.
    """

    number = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=20, default=states.DRAFT)
    location = models.ForeignKey("pos.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=120, default="", blank=True)
    scope = models.JSONField(default=dict, blank=True)
    is_blind = models.BooleanField(default=False)
    selling_zone = models.CharField(max_length=40, default="", blank=True)
    uncounted = models.CharField(max_length=10, default=LEAVE)
    variance_value_minor = models.DecimalField(max_digits=40, decimal_places=15, null=True)
    opened_at = models.DateTimeField()
    opened_by_id = models.UUIDField(null=True)
    opened_by_name = models.CharField(max_length=120, default="")
    submitted_at = models.DateTimeField(null=True)
    submitted_by_id = models.UUIDField(null=True)
    submitted_by_name = models.CharField(max_length=120, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)
    ended_by_name = models.CharField(max_length=120, default="")
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=COUNT_KINDS, state__in=states.COUNT.states, uncounted__in=UNCOUNTED),
                name="pos_stockcount_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(states.DRAFT, states.COUNTING))
                | Q(ended_at__isnull=False)
                | Q(state=states.SUBMITTED, submitted_at__isnull=False),
                name="pos_stockcount_state_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Count {self.number}"


class StockCountLine(TenantModel):
    """A variant, or one lot of it, to be counted; found ones (`is_found`) were not asked for.

    Entries of `pass_number` count; a recount begins the next pass at `pass_started_at`. `counted`, `counted_at` and
    `expected` are what the count was submitted, then decided with. `unit_cost_minor` is what one was worth then.
    """

    count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="lines", db_index=False)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", db_index=False)
    lot_id = models.UUIDField(null=True)
    is_found = models.BooleanField(default=False)
    pass_number = models.PositiveSmallIntegerField(default=1)
    pass_started_at = models.DateTimeField(null=True)
    counted = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    counted_at = models.DateTimeField(null=True)
    expected = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    unit_cost_minor = models.DecimalField(max_digits=30, decimal_places=9, null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["count", "variant", "lot_id"], name="pos_stockcountline_once", nulls_distinct=False
            ),
        ]

    @property
    def difference(self) -> Decimal | None:
        """More (positive) or less than expected; None while it is not known."""
        if self.counted is None or self.expected is None:
            return None
        return self.counted - self.expected


class StockCountEntry(HistoryModel):
    """That somebody counted `quantity` of a line at `counted_at`, in the item's unit. The key is the device's.

    Entries of a line add up. One that `voids` another takes it back, and has no quantity of its own.
    """

    count = models.ForeignKey(StockCount, on_delete=models.PROTECT, related_name="entries")
    line = models.ForeignKey(StockCountLine, on_delete=models.PROTECT, related_name="entries")
    pass_number = models.PositiveSmallIntegerField(default=1)
    zone = models.CharField(max_length=40, default="", blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    entered_quantity = models.DecimalField(max_digits=18, decimal_places=6)
    entered_unit = models.CharField(max_length=20)
    code = models.CharField(max_length=400, default="", blank=True)
    voids = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="voided_by")
    counted_at = models.DateTimeField()
    counted_by_id = models.UUIDField(null=True)
    counted_by_name = models.CharField(max_length=120, default="")
    device_id = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "stock count entries"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=0) & (Q(voids__isnull=True) | Q(quantity=0)),
                name="pos_stockcountentry_not_negative",
            ),
        ]
