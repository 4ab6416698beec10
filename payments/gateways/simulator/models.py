"""What the simulated vendor knows: one table, as little ours as the tables of any other vendor."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from payments.gateways.models.connections import Connection


class SimulatedObject(TenantModel):
    """A thing the vendor keeps: a payment, a refund, a reader, a request that was answered, a line of the balance.

    `key` makes it once, `about` is what it belongs to: of a payment our attempt, of a refund its payment, of a
    line its payout ("" while nothing was paid out), of a bell whether it rang. The vendor's name for it is
    made of its kind and its id.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=300, blank=True, default="")
    about = models.CharField(max_length=80, blank=True, default="")
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["connection", "kind", "about"], name="payments_simulatedobject_about")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "kind", "key"],
                name="payments_simulatedobject_once",
                condition=~Q(key=""),
            )
        ]
