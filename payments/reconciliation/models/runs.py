"""Runs: a merchant's account at a vendor compared with our own rows."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from payments.gateways.models import Connection
from payments.reconciliation import states


class Reconciliation(TenantModel):
    """A comparison of what the vendor lists since `since` with what is here, step by step.

    `claim` is the one process that works on it: whoever takes it over writes a claim of its own, and the
    other stops at its next batch. `cursor` is how far the step has come, `counts` what was found. Without a claim
    nobody works on it: it was not begun yet, or broke off, and `trouble` says why.
    """

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, related_name="+")
    state = models.CharField(max_length=10, default=states.RUNNING)
    step = models.CharField(max_length=10, default=states.STEPS[0])
    reason = models.CharField(max_length=20)
    asked_by = models.CharField(max_length=120, blank=True, default="")
    since = models.DateTimeField()
    claim = models.UUIDField(null=True)
    cursor = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    trouble = models.CharField(max_length=300, blank=True, default="")
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection"],
                name="payments_reconciliation_one_running",
                condition=Q(state=states.RUNNING),
            ),
            models.CheckConstraint(
                condition=Q(state__in=states.RUN.states), name="payments_reconciliation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(step__in=states.STEPS), name="payments_reconciliation_step_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"

    @property
    def failures(self) -> int:
        """How often it broke off."""
        return int(self.counts.get("failures", 0))
