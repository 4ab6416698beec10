"""Ways to pay, payments taken, and what of them was given back."""

from typing import Final

from django.db import models
from django.db.models import F, Q

from fynlo.core.models import HistoryModel, TenantModel
from payments.credit.models import HouseAccount, StoredValue
from payments.gateways.models import Connection
from payments.tenders.kinds import CASH, TENDER_KINDS
from payments.tenders.references import LAST4_DIGITS, LONGEST_REFERENCE

_LAST4: Final = r"^([0-9]{4})?$"


class TenderType(TenantModel):
    """A way to pay that the merchant offers, and the rules of it.

    `connection` and `channel` say through whom its money is asked for; without one people say what was paid.
    Between `smallest` and `largest` minor units are taken at once. `over` is what becomes of more than is due: it
    is refused, or it is a tip; cash gives change. Without `is_partial` it pays all that is due or nothing. Foreign
    cash is counted in `foreign_currency`, of which one (in its major unit) is `foreign_rate` of the merchant's.
    """

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in TENDER_KINDS])
    is_active = models.BooleanField(default=True)
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    channel = models.CharField(max_length=10, blank=True, default="", db_default="")
    smallest_minor = models.BigIntegerField(null=True)
    largest_minor = models.BigIntegerField(null=True)
    over = models.CharField(max_length=10, default="refuse", db_default="refuse")
    is_partial = models.BooleanField(default=True, db_default=True)
    needs_reference = models.BooleanField(default=False, db_default=False)
    foreign_currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    foreign_rate = models.DecimalField(max_digits=18, decimal_places=8, null=True)

    class Meta:
        verbose_name, verbose_name_plural = "way to pay", "ways to pay"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TENDER_KINDS), name="payments_tendertype_kind_known"),
            models.CheckConstraint(
                condition=Q(over__in=("refuse", "tip")), name="payments_tendertype_over_known"
            ),
            models.CheckConstraint(
                condition=Q(foreign_currency="", foreign_rate__isnull=True)
                | (~Q(foreign_currency="") & Q(foreign_rate__gt=0)),
                name="payments_tendertype_foreign_rate",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_cash(self) -> bool:
        """Whether it moves the money of a drawer."""
        return self.kind == CASH


class Payment(HistoryModel):
    """Money taken for an order: what was handed over, what of it pays, what went back as change.

    `rounding` is what cash rounding gave the guest (negative: took), so handed over and rounding together are
    what is paid and what went back. `card_last4` and `reference` are what an external reader or a slip said of it
    (never a card's number: `payments.tenders.references`), `house_account` is who was charged, `stored_value` is
    the gift card or the credit it was taken from.

    An order is known by its key only; orders live further up the street. Money without an order pays what a house
    account owes, or is put on the gift card `stored_value`.
    """

    order_id = models.UUIDField(db_index=True, null=True)
    tender_type = models.ForeignKey(TenderType, on_delete=models.PROTECT, related_name="payments")
    amount_minor = models.BigIntegerField()
    tendered_minor = models.BigIntegerField()
    change_minor = models.BigIntegerField(default=0)
    rounding_minor = models.BigIntegerField(default=0, db_default=0)
    card_last4 = models.CharField(max_length=LAST4_DIGITS, blank=True, default="", db_default="")
    reference = models.CharField(max_length=LONGEST_REFERENCE, blank=True, default="", db_default="")
    house_account = models.ForeignKey(
        HouseAccount, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    stored_value = models.ForeignKey(
        StoredValue, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    currency = models.CharField(max_length=3)
    foreign_currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    foreign_minor = models.BigIntegerField(null=True)
    foreign_rate = models.DecimalField(max_digits=18, decimal_places=8, null=True)
    register_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        ordering = ["id"]
        indexes = [
            # A statement of an account; sales to guests who pay are not in it.
            models.Index(
                fields=["house_account", "id"],
                name="payments_payment_house",
                condition=Q(house_account__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(order_id__isnull=False)
                | Q(house_account__isnull=False)
                | Q(stored_value__isnull=False),
                name="payments_payment_for",
            ),
            models.CheckConstraint(
                # Nothing is handed over where cash rounding leaves nothing of what is due.
                condition=(Q(tendered_minor__gt=0) | Q(rounding_minor__gt=0))
                & Q(tendered_minor__gte=0, amount_minor__gte=0, change_minor__gte=0),
                name="payments_payment_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(tendered_minor=F("amount_minor") + F("change_minor") - F("rounding_minor")),
                name="payments_payment_adds_up",
            ),
            models.CheckConstraint(condition=Q(card_last4__regex=_LAST4), name="payments_payment_last4"),
        ]


class Refund(HistoryModel):
    """Money of a payment that was given back, as a part of the refund `refund_id`.

    `amount` is what of the payment it gives back, `rounding` what of that was not handed out because the sale (or
    the coins) was rounded; so `amount` less `rounding` went out, by `tender_type`, which need not be the payment's.
    What foreign notes were handed out, and the rate they went at, is with the first row of their tender.
    `refunded_before` of the payment's `payment_amount` had gone back before: the same money never goes twice. A
    refund without a receipt knows no payment.
    """

    refund_id = models.UUIDField(db_index=True)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, db_index=False, related_name="refunds"
    )
    tender_type = models.ForeignKey(
        TenderType, on_delete=models.PROTECT, db_index=False, related_name="refunds"
    )
    amount_minor = models.BigIntegerField()
    rounding_minor = models.BigIntegerField(default=0)
    refunded_before_minor = models.BigIntegerField(default=0)
    payment_amount_minor = models.BigIntegerField()
    card_last4 = models.CharField(max_length=LAST4_DIGITS, blank=True, default="")
    reference = models.CharField(max_length=LONGEST_REFERENCE, blank=True, default="")
    house_account = models.ForeignKey(
        HouseAccount, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    stored_value = models.ForeignKey(
        StoredValue, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    currency = models.CharField(max_length=3)
    foreign_currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    foreign_minor = models.BigIntegerField(null=True)
    foreign_rate = models.DecimalField(max_digits=18, decimal_places=8, null=True)
    register_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["house_account", "id"],
                name="payments_refund_house",
                condition=Q(house_account__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["payment", "refunded_before_minor"], name="payments_refund_once"),
            models.CheckConstraint(
                condition=Q(
                    amount_minor__gt=0,
                    refunded_before_minor__gte=0,
                    refunded_before_minor__lte=F("payment_amount_minor") - F("amount_minor"),
                ),
                name="payments_refund_at_most",
            ),
            models.CheckConstraint(
                condition=Q(rounding_minor__lte=F("amount_minor")), name="payments_refund_gives"
            ),
            models.CheckConstraint(condition=Q(card_last4__regex=_LAST4), name="payments_refund_last4"),
        ]
