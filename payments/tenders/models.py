"""Ways to pay, and payments taken."""

from django.db import models
from django.db.models import F, Q

from fynlo.core.models import HistoryModel, TenantModel

TENDER_KINDS = ("cash",)


class TenderType(TenantModel):
    """A way to pay that the merchant offers."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in TENDER_KINDS])
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TENDER_KINDS), name="payments_tendertype_kind_known")
        ]

    def __str__(self) -> str:
        return self.name


class Payment(HistoryModel):
    """Money taken for an order: what was handed over, what of it pays, what went back as change.

    `rounding` is what cash rounding gave the guest (negative: took), so handed over and rounding together are
    what is paid and what went back.

    An order is known by its key only; orders live further up the street.
    """

    order_id = models.UUIDField(db_index=True)
    tender_type = models.ForeignKey(TenderType, on_delete=models.PROTECT, related_name="payments")
    amount_minor = models.BigIntegerField()
    tendered_minor = models.BigIntegerField()
    change_minor = models.BigIntegerField(default=0)
    rounding_minor = models.BigIntegerField(default=0, db_default=0)
    currency = models.CharField(max_length=3)
    register_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tendered_minor__gt=0, amount_minor__gte=0, change_minor__gte=0),
                name="payments_payment_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(tendered_minor=F("amount_minor") + F("change_minor") - F("rounding_minor")),
                name="payments_payment_adds_up",
            ),
        ]
