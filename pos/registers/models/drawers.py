"""Drawers, the sessions they are used in, and the cash that moved."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from fynlo.core.models import HistoryModel, TenantModel
from pos.registers import states
from pos.registers.models.places import Location, Register


class Drawer(TenantModel):
    """Where cash lies: a tray, a bag. Apart from registers: several may share one, and one may use several.

    A shared drawer (`is_shared`) is open to every till of its location, beside the drawers of their own.
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="drawers", db_index=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_shared = models.BooleanField(default=False, db_default=False)
    last_session_number = models.BigIntegerField(default=0, db_default=0)
    last_slip_number = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class CashSession(TenantModel):
    """A drawer between opening and closing. Its money is the sum of its movements, never a stored balance.

    `register` is where it was opened. Rows of the release before there were drawers have none: theirs is that of
    the register's own id. `counts` are all counts that were committed, the last of them counts; `flags` what was
    unusual. `opening_foreign` is the float of other currencies, `foreign_cash` what was expected and counted of
    each when it was closed. `responsible_id` is the person who answers for the drawer until it is closed.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="sessions", db_index=False)
    drawer = models.ForeignKey(
        Drawer, on_delete=models.PROTECT, null=True, related_name="sessions", db_index=False
    )
    number = models.BigIntegerField()
    state = models.CharField(max_length=20, default=states.OPEN)
    business_date = models.DateField()
    opened_at = models.DateTimeField()
    opened_by_id = models.UUIDField(null=True)
    responsible_id = models.UUIDField(null=True, blank=True)
    responsible_name = models.CharField(max_length=120, default="", db_default="", blank=True)
    declared_float_minor = models.BigIntegerField(null=True, blank=True)
    opening_denominations = models.JSONField(default=list, db_default=[], blank=True)
    opening_foreign = models.JSONField(default=list, db_default=[], blank=True)
    closing_began_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=list, db_default=[], blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_id = models.UUIDField(null=True, blank=True)
    counted_minor = models.BigIntegerField(null=True, blank=True)
    expected_minor = models.BigIntegerField(null=True, blank=True)
    variance_minor = models.BigIntegerField(null=True, blank=True)
    approver_id = models.UUIDField(null=True, blank=True)
    approver_name = models.CharField(max_length=120, default="", db_default="", blank=True)
    foreign_cash = models.JSONField(default=list, db_default=[], blank=True)
    flags = models.JSONField(default=list, db_default=[], blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(Coalesce("drawer", "register"), "number", name="pos_cashsession_number"),
            models.UniqueConstraint(
                Coalesce("drawer", "register"),
                condition=~Q(state=states.CLOSED),
                name="pos_cashsession_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=states.SESSION_STATES), name="pos_cashsession_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=states.CLOSED)
                | Q(closed_at__isnull=False, counted_minor__isnull=False, variance_minor__isnull=False),
                name="pos_cashsession_closed_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"Drawer {self.number}"


class CashMovement(HistoryModel):
    """Money into (positive) or out of (negative) a drawer, with its cause. Opening one for nothing moves nothing.

    `payment_id` is the payment a sale was paid by, for a refund the row that paid it back. Slips are numbered per
    drawer; sales, change, refunds and the float have a receipt or none.

    Notes of another currency move `foreign_minor` of it, which is `worth_minor` of the merchant's at a rate that is
    kept; `amount_minor`, the merchant's own money, is 0 then. So one sum is right whoever makes it.
    """

    FLOAT, SALE, CHANGE, REFUND = "float", "sale", "change", "refund"
    PAID_IN, PAID_OUT, DROP, PICKUP, TIP_OUT = "paid_in", "paid_out", "drop", "pickup", "tip_out"
    NO_SALE, CORRECTION = "no_sale", "correction"
    KINDS = (
        FLOAT,
        SALE,
        CHANGE,
        REFUND,
        PAID_IN,
        PAID_OUT,
        DROP,
        PICKUP,
        TIP_OUT,
        NO_SALE,
        CORRECTION,
    )

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="movements")
    session = models.ForeignKey(CashSession, on_delete=models.PROTECT, null=True, related_name="movements")
    drawer_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    foreign_currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    foreign_minor = models.BigIntegerField(null=True)
    worth_minor = models.BigIntegerField(null=True)
    foreign_rate = models.DecimalField(max_digits=18, decimal_places=8, null=True)
    order_id = models.UUIDField(null=True)
    payment_id = models.UUIDField(null=True)
    refund_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    employee_name = models.CharField(max_length=120, default="", db_default="")
    approver_id = models.UUIDField(null=True)
    approver_name = models.CharField(max_length=120, default="", db_default="")
    reason_code = models.CharField(max_length=40, default="", db_default="")
    note = models.CharField(max_length=200, default="", db_default="")
    slip_number = models.BigIntegerField(null=True)
    flags = models.JSONField(default=list, db_default=[])
    at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="no_sale", amount_minor=0, foreign_currency="")
                | (~Q(kind="no_sale") & ~Q(amount_minor=0) & Q(foreign_currency=""))
                | (
                    ~Q(kind="no_sale")
                    & ~Q(foreign_currency="")
                    & ~Q(foreign_minor=0)
                    & Q(amount_minor=0, foreign_minor__isnull=False, worth_minor__isnull=False)
                ),
                name="pos_cashmovement_not_zero",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=(
                        "float",
                        "sale",
                        "change",
                        "refund",
                        "paid_in",
                        "paid_out",
                        "drop",
                        "pickup",
                        "tip_out",
                        "no_sale",
                        "correction",
                    )
                ),
                name="pos_cashmovement_kind_known",
            ),
            models.UniqueConstraint(
                fields=["payment_id", "kind"],
                condition=Q(payment_id__isnull=False),
                name="pos_cashmovement_once",
            ),
            models.UniqueConstraint(
                fields=["drawer_id", "slip_number"],
                condition=Q(slip_number__isnull=False),
                name="pos_cashmovement_slip",
            ),
        ]
