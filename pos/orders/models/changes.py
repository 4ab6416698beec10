"""What happened to an open order after it was opened: one row per change, never changed itself."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel
from pos.orders import states
from pos.orders.drafts import MAX_REASON
from pos.orders.models.orders import Order


class OrderChange(HistoryModel):
    """A change of an order: what it was before and after, why, by whom, and who approved it.

    Its key is made by whoever asked for it, so the same change asked again is known. `revision` is the one the
    order has by it: each change has one of its own, so no two of them can have seen the same order.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="changes", db_index=False)
    revision = models.IntegerField()
    kind = models.CharField(max_length=20)
    line_id = models.UUIDField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=MAX_REASON, blank=True, default="")
    device_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    employee_name = models.CharField(max_length=120, blank=True, default="")
    approver_id = models.UUIDField(null=True)
    approver_name = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        ordering = ["order", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["order", "revision"], name="pos_orderchange_revision"),
            models.CheckConstraint(
                condition=Q(kind__in=states.CHANGE_KINDS), name="pos_orderchange_kind_known"
            ),
        ]
