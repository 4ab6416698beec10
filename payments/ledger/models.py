"""The books: accounts, and transfers that balance by their shape."""

from django.db import models
from django.db.models import F, Q

from fynlo.core.models import HistoryModel, TenantModel

KINDS = ("asset", "liability", "equity", "income", "expense")


class Account(TenantModel):
    """A line of the chart of accounts, found by its code (`cash`, `sales:standard`, `tax:standard`)."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="payments_account_kind_known")
        ]

    def __str__(self) -> str:
        return self.code


class Transfer(HistoryModel):
    """A positive amount from the credited to the debited account. Corrections are transfers, too."""

    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=40)
    order_id = models.UUIDField(null=True)
    payment_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["order_id"], name="payments_transfer_order"),
            models.Index(fields=["business_date"], name="payments_transfer_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payments_transfer_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="payments_transfer_two_accounts"),
        ]
