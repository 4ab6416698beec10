"""Differences between what a vendor lists and what is here, each with what was done about it."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from payments.gateways.models import Connection
from payments.reconciliation import states
from payments.reconciliation.models.payouts import Payout


class Difference(TenantModel):
    """Something that does not agree: found once, however many runs see it; resolved by a person or by itself.

    `subject` is the vendor's or our name of what it is about. `ours` and `theirs` are the two sides in words, with
    amounts where they differ in those. A resolved one that comes back with other amounts is open again.
    """

    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=160)
    payout = models.ForeignKey(
        Payout, on_delete=models.PROTECT, null=True, db_index=False, related_name="differences"
    )
    attempt_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    ours = models.CharField(max_length=120, blank=True, default="")
    theirs = models.CharField(max_length=120, blank=True, default="")
    ours_minor = models.BigIntegerField(null=True)
    theirs_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, default=states.OPEN)
    action = models.CharField(max_length=20, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    resolved_by = models.CharField(max_length=120, blank=True, default="")
    found_at = models.DateTimeField()
    found_run = models.UUIDField(null=True)
    seen_run = models.UUIDField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["connection", "id"],
                name="payments_difference_open",
                condition=Q(state=states.OPEN),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "kind", "subject"],
                name="payments_difference_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state__in=states.DIFFERENCE.states), name="payments_difference_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
