"""Closings: what a register did between one Z and the next, in numbers that never change."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel
from pos.registers.models.drawers import CashSession
from pos.registers.models.places import Register


class Closing(HistoryModel):
    """A register's Z, or a late entry of one (`late_number`, with `closing` the Z it belongs to).

    It covers the journal's positions `from_position` to `to_position`, both included (none when the first is
    above the second). `document` says everything that is printed, `digest` is its SHA-256. The totals and
    `traded`, the running sums, are those of the register for ever, at that moment; a Z from before there were sums
    has None of them, and so has a late entry.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="closings", db_index=False)
    number = models.BigIntegerField()
    late_number = models.BigIntegerField(null=True)
    closing = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="late_entries", db_index=False
    )
    session = models.ForeignKey(
        CashSession, on_delete=models.PROTECT, null=True, related_name="closings", db_index=False
    )
    from_position = models.BigIntegerField()
    to_position = models.BigIntegerField()
    document = models.JSONField()
    traded = models.JSONField(null=True)
    digest = models.CharField(max_length=64)
    grand_total_minor = models.BigIntegerField()
    refund_total_minor = models.BigIntegerField()
    employee_id = models.UUIDField(null=True)
    employee_name = models.CharField(max_length=120, default="", db_default="")
    at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "number", "late_number"], name="pos_closing_number", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(late_number__isnull=True, closing__isnull=True)
                | Q(late_number__gt=0, closing__isnull=False),
                name="pos_closing_late_belongs",
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="pos_closing_number_positive"),
        ]

    def __str__(self) -> str:
        return f"Z {self.number}"
