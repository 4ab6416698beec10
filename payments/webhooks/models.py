"""What vendors told us: a row per event, kept before they are thanked."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from payments.gateways.models import Connection
from payments.webhooks import states


class InboundEvent(TenantModel):
    """A bell that rang, once per connection and the vendor's id of it, however often it was sent.

    `payload` is without what nobody should read (`payments.webhooks.scrubbing`). `next_try_at` is when it is
    handled, or handled again; `trouble` says why the last try came to nothing.
    """

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, related_name="+")
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=120)
    account = models.CharField(max_length=100, blank=True, default="")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=states.STORED)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True, default="")
    vendor_at = models.DateTimeField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="payments_inboundevent_due",
                condition=Q(next_try_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["connection", "event_id"], name="payments_inboundevent_once"),
            models.CheckConstraint(
                condition=Q(state__in=states.INBOUND.states), name="payments_inboundevent_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
