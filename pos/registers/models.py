"""Where the merchant sells: locations, registers (tills), drawer sessions and the cash that moved."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel, TenantModel
from pos.catalog.models import Category, Item, Variant
from pos.registers import states


class Location(TenantModel):
    """A shop, café or stand: has its own clock and trading day."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    address = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    time_zone = models.CharField(max_length=64)
    cut_off = models.TimeField(default=dt.time(0, 0))
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Register(TenantModel):
    """A till of a location. Its numbers are dense and each is taken from the counter of its kind.

    `journal_head` is the hash of its last journal entry ("" before the first), `grand_total_minor` the sum of all
    its receipts for ever, `refund_total_minor` that of all its refunds; neither is ever lowered.
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="registers", db_index=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    last_order_number = models.BigIntegerField(default=0)
    last_session_number = models.BigIntegerField(default=0)
    last_receipt_number = models.BigIntegerField(default=0, db_default=0)
    last_training_number = models.BigIntegerField(default=0, db_default=0)
    last_closing_number = models.BigIntegerField(default=0, db_default=0)
    last_journal_position = models.BigIntegerField(default=0, db_default=0)
    journal_head = models.CharField(max_length=64, blank=True, default="", db_default="")
    grand_total_minor = models.BigIntegerField(default=0, db_default=0)
    refund_total_minor = models.BigIntegerField(default=0, db_default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class CashSession(TenantModel):
    """A drawer between opening and closing. Its money is the sum of its movements, never a stored balance."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="sessions", db_index=False)
    number = models.BigIntegerField()
    state = models.CharField(max_length=20, default=states.OPEN)
    business_date = models.DateField()
    opened_at = models.DateTimeField()
    opened_by_id = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_id = models.UUIDField(null=True, blank=True)
    counted_minor = models.BigIntegerField(null=True, blank=True)
    expected_minor = models.BigIntegerField(null=True, blank=True)
    variance_minor = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="pos_cashsession_number"),
            models.UniqueConstraint(
                fields=["register"], condition=Q(state=states.OPEN), name="pos_cashsession_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=states.SESSION.states), name="pos_cashsession_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=states.OPEN)
                | Q(closed_at__isnull=False, counted_minor__isnull=False, variance_minor__isnull=False),
                name="pos_cashsession_closed_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"Drawer {self.number}"


class CashMovement(HistoryModel):
    """Money into (positive) or out of (negative) a drawer, with its cause."""

    FLOAT, SALE, CHANGE = "float", "sale", "change"
    KINDS = (FLOAT, SALE, CHANGE)

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="movements")
    session = models.ForeignKey(CashSession, on_delete=models.PROTECT, null=True, related_name="movements")
    kind = models.CharField(max_length=20)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    order_id = models.UUIDField(null=True)
    payment_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="pos_cashmovement_not_zero"),
            models.CheckConstraint(
                condition=Q(kind__in=("float", "sale", "change")), name="pos_cashmovement_kind_known"
            ),
            models.UniqueConstraint(
                fields=["payment_id", "kind"],
                condition=Q(payment_id__isnull=False),
                name="pos_cashmovement_once",
            ),
        ]


class QuickKey(TenantModel):
    """A button on a till: an item, a variant or a category. Without a register it is on every till."""

    register = models.ForeignKey(
        Register, on_delete=models.CASCADE, null=True, blank=True, related_name="quick_keys", db_index=False
    )
    page = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    variant = models.ForeignKey(
        Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    label = models.CharField(max_length=40, blank=True, default="")
    color = models.CharField(max_length=7, blank=True, default="")

    class Meta:
        ordering = ["page", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "page", "position"], name="pos_quickkey_place", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False, variant__isnull=True, category__isnull=True)
                | Q(item__isnull=True, variant__isnull=False, category__isnull=True)
                | Q(item__isnull=True, variant__isnull=True, category__isnull=False),
                name="pos_quickkey_one_thing",
            ),
        ]
