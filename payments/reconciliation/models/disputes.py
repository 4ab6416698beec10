"""Payments that a cardholder objects to."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from payments.gateways.models import Connection
from payments.reconciliation import states


class Dispute(TenantModel):
    """The vendor's truth, copied whenever it is read. `due_at` is until when evidence may be sent.

    `evidence` is what lies at the vendor, in names and sentences, with `draft` (when and by whom) while it was not
    sent. `submit_key` is committed before a request leaves, so it is sent once. `reminded_at` is when the deadline
    was told last.
    """

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, related_name="+")
    vendor_id = models.CharField(max_length=120)
    payment = models.CharField(max_length=120, blank=True, default="")
    attempt_id = models.UUIDField(null=True)
    order_id = models.UUIDField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=16)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    evidence = models.JSONField(default=dict)
    submit_key = models.CharField(max_length=255, blank=True, default="")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=120, blank=True, default="")
    reminded_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "vendor_id"], name="payments_dispute_vendor"),
            models.CheckConstraint(
                condition=Q(state__in=states.DISPUTE_STATES), name="payments_dispute_state_known"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payments_dispute_positive"),
        ]

    def __str__(self) -> str:
        return self.vendor_id
