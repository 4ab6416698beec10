"""Goods on their way from one location to another."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from fynlo.core.models import HistoryModel, TenantModel
from pos.catalog.models import Variant
from pos.inventory import states

SHORT, DAMAGED, REFUSED, EXCESS = REASONS = ("short", "damaged", "rejected", "excess")
WASTE, RETURN, KEEP = OUTCOMES = ("waste", "return", "keep")


class StockTransfer(TenantModel):
    """A sending of goods between two locations of the merchant.

    `receipt_count` is how often something of it arrived, so that whoever receives says what they had seen.
    """

    number = models.BigIntegerField(unique=True)
    state = models.CharField(max_length=20, default=states.DRAFT)
    from_location = models.ForeignKey(
        "pos.Location", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_location = models.ForeignKey(
        "pos.Location", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    note = models.CharField(max_length=200, default="", blank=True)
    receipt_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by_id = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=120, default="")
    sent_at = models.DateTimeField(null=True)
    sent_by_id = models.UUIDField(null=True)
    sent_by_name = models.CharField(max_length=120, default="")
    received_at = models.DateTimeField(null=True)
    received_by_id = models.UUIDField(null=True)
    received_by_name = models.CharField(max_length=120, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)
    ended_by_name = models.CharField(max_length=120, default="")
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=states.TRANSFER.states), name="pos_stocktransfer_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(from_location=F("to_location")), name="pos_stocktransfer_not_to_itself"
            ),
            models.CheckConstraint(
                condition=Q(state__in=(states.DRAFT, states.CANCELLED)) | Q(sent_at__isnull=False),
                name="pos_stocktransfer_sent_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Transfer {self.number}"


class StockTransferLine(TenantModel):
    """A variant, or one lot of it, that travels. `quantity` is what was sent, in the item's unit.

    What became of it is in `received`, `wasted` and `returned`; the rest is in transit while the transfer is.
    `movement_id` is the movement that took it from its source.
    """

    transfer = models.ForeignKey(
        StockTransfer, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    position = models.PositiveIntegerField()
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", db_index=False)
    lot_id = models.UUIDField(null=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    entered_quantity = models.DecimalField(max_digits=18, decimal_places=6)
    entered_unit = models.CharField(max_length=20)
    movement_id = models.UUIDField(null=True)
    received = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    wasted = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    returned = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))

    class Meta:
        ordering = ["transfer", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "position"], name="pos_stocktransferline_position"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, received__gte=0, wasted__gte=0, returned__gte=0),
                name="pos_stocktransferline_not_negative",
            ),
        ]

    @property
    def open_quantity(self) -> Decimal:
        """What is still on its way, once it was sent."""
        return max(self.quantity - self.received - self.wasted - self.returned, Decimal(0))


class StockTransferArrival(HistoryModel):
    """What became of a part of a line at one receipt: arrived, or why it did not and what was done about it.

    `receipt_id` is the device's key of the whole receipt. `reason` is empty for what arrived as it was sent.
    """

    transfer = models.ForeignKey(
        StockTransfer, on_delete=models.PROTECT, related_name="arrivals", db_index=False
    )
    line = models.ForeignKey(StockTransferLine, on_delete=models.PROTECT, related_name="+", db_index=False)
    receipt_id = models.UUIDField()
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    reason = models.CharField(max_length=10, default="", blank=True)
    outcome = models.CharField(max_length=10, default=KEEP)
    note = models.CharField(max_length=200, default="", blank=True)
    at = models.DateTimeField()
    employee_id = models.UUIDField(null=True)
    employee_name = models.CharField(max_length=120, default="")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["transfer"], name="pos_stocktransferarrival_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, outcome__in=OUTCOMES, reason__in=("", *REASONS)),
                name="pos_stocktransferarrival_known",
            ),
        ]
