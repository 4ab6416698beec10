"""House accounts: people and firms who pay later."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel


class HouseAccount(TenantModel):
    """Who buys on account. What they owe is the balance of the ledger's account `house:<code>`.

    `balance` is that balance, kept beside it by the statement that changes it, so that a limit is asked of one row.
    `limit` is what they may owe; None: as much as they like.
    """

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    contact = models.CharField(max_length=200, blank=True, default="")
    limit_minor = models.BigIntegerField(null=True)
    balance_minor = models.BigIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_minor__isnull=True) | Q(limit_minor__gte=0),
                name="payments_houseaccount_limit_not_negative",
            )
        ]

    def __str__(self) -> str:
        return self.name
