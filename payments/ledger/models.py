"""The books: accounts, and transfers that balance by their shape."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fynlo.core.models import HistoryModel, TenantModel
from payments.ledger.accounts import LONGEST_KEY

KINDS = ("asset", "liability", "equity", "income", "expense")


class Account(TenantModel):
    """A line of the chart of accounts.

    Standard accounts are found by their code (`cash`, `sales:standard`, `tax:standard`); `posting_keys` are what
    the merchant books here besides (`payments.ledger.accounts`), each in one account at most. `number` is the
    accountant's own. One that is not active takes no further keys; what is mapped there goes on being booked.
    """

    code = models.CharField(max_length=60, unique=True)
    number = models.CharField(max_length=20, blank=True, default="", db_default="")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])
    posting_keys = ArrayField(
        models.CharField(max_length=LONGEST_KEY), default=list, db_default=[], blank=True
    )
    is_active = models.BooleanField(default=True, db_default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="payments_account_kind_known")
        ]

    def __str__(self) -> str:
        return self.code


class Transfer(HistoryModel):
    """A positive amount from the credited to the debited account. Corrections are transfers, too.

    `debit_key` and `credit_key` say what was booked, in words that stay when the chart changes. A chart may book
    both in one account; then they differ in their keys. Before there were keys the accounts' codes said it.
    """

    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    debit_key = models.CharField(max_length=LONGEST_KEY, default="", db_default="")
    credit_key = models.CharField(max_length=LONGEST_KEY, default="", db_default="")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=40)
    order_id = models.UUIDField(null=True)
    payment_id = models.UUIDField(null=True)
    register_id = models.UUIDField(null=True)
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
            models.CheckConstraint(
                condition=~Q(debit=F("credit")) | ~Q(debit_key=F("credit_key")),
                name="payments_transfer_two_accounts",
            ),
        ]
