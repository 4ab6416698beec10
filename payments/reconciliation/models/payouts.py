"""Payouts, and every line the vendor's balance has, paid out or not."""

from django.db import models
from django.db.models import F, Q

from fynlo.core.models import TenantModel
from payments.gateways.models import Connection
from payments.reconciliation import states


class Payout(TenantModel):
    """Money the vendor sent to the bank. It is booked once (`posted_at`), and taken back once if it fails.

    `gross`, `fee` and `net` are the sums of its lines; `unexplained` is what of `amount` they do not account for.
    One that is not traced has no lines of its own: it was asked for by hand.
    """

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, related_name="+")
    vendor_id = models.CharField(max_length=120)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=20)
    arrives_on = models.DateField()
    vendor_at = models.DateTimeField()
    is_traced = models.BooleanField(default=True)
    gross_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    net_minor = models.BigIntegerField(default=0)
    unexplained_minor = models.BigIntegerField(default=0)
    line_count = models.PositiveIntegerField(default=0)
    seen_run = models.UUIDField()
    listed_run = models.UUIDField(null=True)
    posted_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "vendor_id"], name="payments_payout_vendor"),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("fee_minor")), name="payments_payout_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return self.vendor_id


class SettlementLine(TenantModel):
    """A line of the vendor's balance: gross less fee is net. No payout: it is not paid out yet.

    `about` is what its category means to us (`payments.reconciliation.categories`). Once judged, `attempt_id` and
    `subject_id` (an attempt, a refund, a dispute) are the rows of ours behind it, and `key` is the posting key it
    belongs to; `booked_as` is the one it was booked under with its payout.
    """

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False, related_name="+")
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, null=True, related_name="lines")
    vendor_id = models.CharField(max_length=120)
    category = models.CharField(max_length=60)
    about = models.CharField(max_length=12)
    source = models.CharField(max_length=120, blank=True, default="")
    payment = models.CharField(max_length=120, blank=True, default="")
    gross_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, default=states.NEW)
    attempt_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    key = models.CharField(max_length=40, blank=True, default="")
    booked_as = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["connection", "payment"],
                name="payments_settlementline_pay",
                condition=~Q(payment=""),
            ),
            # What is to be judged; most lines are matched for good.
            models.Index(
                fields=["connection", "state", "id"],
                name="payments_settlementline_todo",
                condition=~Q(state=states.MATCHED),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "vendor_id"], name="payments_settlementline_vendor"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("fee_minor")),
                name="payments_settlementline_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(state__in=states.LINE_STATES), name="payments_settlementline_state_known"
            ),
        ]
