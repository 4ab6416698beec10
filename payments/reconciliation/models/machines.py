"""What a stand-alone card machine says it took on a day."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel


class MachineTotal(TenantModel):
    """The total of a machine's own end of day, for one register and one way to pay.

    `fee` is known when the bank shows it; then the money was booked to the bank at `posted_at`, once.
    """

    register_id = models.UUIDField()
    business_date = models.DateField()
    tender_type = models.CharField(max_length=20)
    total_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    entered_by = models.CharField(max_length=120)
    entered_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-business_date", "tender_type"]
        constraints = [
            models.UniqueConstraint(
                fields=["register_id", "business_date", "tender_type"], name="payments_machinetotal_once"
            ),
            models.CheckConstraint(
                condition=Q(fee_minor__isnull=True) | Q(fee_minor__gte=0), name="payments_machinetotal_fee"
            ),
        ]
