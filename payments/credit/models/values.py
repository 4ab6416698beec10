"""Gift cards and store credit: what customers paid beforehand, and everything that happened to it."""

from typing import Final

from django.db import models
from django.db.models import F, Q

from fynlo.core.models import HistoryModel, TenantModel
from payments.credit.kinds import ACTIVITIES, RESERVATION_STATES, STATES, VALUE_KINDS

LONGEST_HOLDER: Final = 120
LONGEST_REASON: Final = 200
DIGEST_LENGTH: Final = 64
SHOWN_LENGTH: Final = 4


class ValueImport(TenantModel):
    """Cards of an earlier system that were taken over together. `reversed_at` says that they were taken back."""

    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    rows_count = models.IntegerField()
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    imported_by = models.UUIDField(null=True)
    imported_at = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-imported_at"]
        verbose_name, verbose_name_plural = "gift card import", "gift card imports"

    def __str__(self) -> str:
        return self.name


class StoredValue(TenantModel):
    """A gift card or a store credit. Its code is not here, only a keyed hash of it and its last four characters.

    `balance` is what can be spent, `reserved` is what of that is kept for tills that may be offline, `overdrawn`
    is what was spent beyond it by sales that had happened before anybody could ask. So `balance - overdrawn` is the
    sum of the activities, and what the books owe for it. Something is overdrawn only when all that is left is
    reserved; what comes in covers it first.
    """

    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in VALUE_KINDS])
    code_digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    shown = models.CharField(max_length=SHOWN_LENGTH)
    is_own_code = models.BooleanField(default=True)
    pin_hash = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=20, choices=[(state, state) for state in STATES])
    currency = models.CharField(max_length=3)
    balance_minor = models.BigIntegerField(default=0)
    reserved_minor = models.BigIntegerField(default=0)
    overdrawn_minor = models.BigIntegerField(default=0)
    holder = models.CharField(max_length=LONGEST_HOLDER, blank=True, default="")
    expires_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    value_import = models.ForeignKey(
        ValueImport, on_delete=models.PROTECT, null=True, related_name="values", db_index=False
    )
    pin_failures = models.IntegerField(default=0)
    pin_tried_at = models.DateTimeField(null=True)
    pin_blocked_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name, verbose_name_plural = "gift card or credit", "gift cards and credit"
        indexes = [
            models.Index(
                fields=["expires_on"], name="payments_storedvalue_expiry", condition=Q(state="active")
            ),
            models.Index(
                fields=["value_import"],
                name="payments_storedvalue_import",
                condition=Q(value_import__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=VALUE_KINDS), name="payments_storedvalue_kind_known"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="payments_storedvalue_state_known"),
            models.CheckConstraint(
                condition=Q(
                    balance_minor__gte=0,
                    reserved_minor__gte=0,
                    overdrawn_minor__gte=0,
                    reserved_minor__lte=F("balance_minor"),
                ),
                name="payments_storedvalue_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(overdrawn_minor=0) | Q(balance_minor=F("reserved_minor")),
                name="payments_storedvalue_overdrawn_last",
            ),
        ]

    def __str__(self) -> str:
        return f"•••• {self.shown}"


class ValueActivity(HistoryModel):
    """Something that happened to a card or a credit. `amount` is what it gained (below 0: lost).

    `balance`, `reserved` and `overdrawn` are those after it. What caused it (`cause`, `cause_id`) causes each kind
    of activity once, so a repeat does nothing.
    """

    account = models.ForeignKey(
        StoredValue, on_delete=models.PROTECT, related_name="activities", db_index=False
    )
    kind = models.CharField(max_length=30, choices=[(kind, kind) for kind in ACTIVITIES])
    amount_minor = models.BigIntegerField()
    balance_minor = models.BigIntegerField()
    reserved_minor = models.BigIntegerField()
    overdrawn_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    cause = models.CharField(max_length=20)
    cause_id = models.UUIDField()
    order_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="")
    register_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    employee_name = models.CharField(max_length=120, blank=True, default="")
    approver_id = models.UUIDField(null=True)
    approver_name = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["account", "id"], name="payments_valueactivity_account")]
        constraints = [
            models.UniqueConstraint(fields=["cause_id", "kind"], name="payments_valueactivity_once"),
            models.CheckConstraint(
                condition=Q(kind__in=ACTIVITIES), name="payments_valueactivity_kind_known"
            ),
        ]


class ValueReservation(TenantModel):
    """What of a balance is kept for one register until `expires_at`: its sales cannot fail for want of it."""

    account = models.ForeignKey(
        StoredValue, on_delete=models.PROTECT, related_name="reservations", db_index=False
    )
    register_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    left_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=20, choices=[(state, state) for state in RESERVATION_STATES])
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    employee_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["expires_at"], name="payments_valuereserve_due", condition=Q(state="open"))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "register_id"],
                name="payments_valuereserve_open",
                condition=Q(state="open"),
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, left_minor__gte=0, left_minor__lte=F("amount_minor")),
                name="payments_valuereserve_amounts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RESERVATION_STATES), name="payments_valuereserve_state_known"
            ),
        ]
