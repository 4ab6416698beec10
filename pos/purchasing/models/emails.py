"""Letters to suppliers: written in the transaction, sent after it."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.purchasing import states
from pos.purchasing.models.orders import PurchaseOrder


class PurchaseEmail(TenantModel):
    """An order on its way to a supplier by e-mail. Sent at most once; again only on purpose, as another row.

    `claimed_until`: until then a worker is at it. `reason` says why it failed, or failed so far.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="emails", db_index=False)
    state = models.CharField(max_length=10, default=states.QUEUED)
    recipient = models.EmailField(max_length=254)
    copies = models.JSONField(default=list)
    text = models.CharField(max_length=2000, default="", blank=True)
    attempts = models.PositiveIntegerField(default=0)
    queued_at = models.DateTimeField()
    queued_by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, default="", blank=True)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["due_at"], name="pos_purchaseemail_due", condition=Q(state=states.QUEUED)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=states.EMAIL.states), name="pos_purchaseemail_state_known"
            ),
        ]
