"""Attempts to take money by a gateway, every step of them, and money of theirs that goes back."""

from django.db import models
from django.db.models import F, Q

from fynlo.core.models import HistoryModel, TenantModel
from fynlo.core.money import spell_money
from payments.gateways import states
from payments.gateways.models.connections import Connection, Reader


class Attempt(TenantModel):
    """Money asked for once. Its key is the key of the payment it becomes, so it becomes one at most once.

    It is committed before the vendor hears of it. `amount` is without `tip`; authorised, captured and refunded are
    with it. `settled_at` is when the captured money was put to what it is for (`order_id`); until then a sweep
    tries, and `trouble` says what stands in the way. `next_look_at` is when the resolver asks the vendor again.
    `overridden_*`: somebody allowed to took another payment although nobody knew what became of this one.
    """

    order_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=20, default="order")
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, db_index=False, related_name="attempts"
    )
    reader = models.ForeignKey(
        Reader, on_delete=models.PROTECT, null=True, db_index=False, related_name="attempts"
    )
    tender_type = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    reference = models.CharField(max_length=60)
    state = models.CharField(max_length=12, default=states.PREPARED)
    revision = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    tip_minor = models.BigIntegerField(default=0)
    authorised_minor = models.BigIntegerField(default=0)
    captured_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    application_fee_minor = models.BigIntegerField(default=0)
    capture = models.CharField(max_length=10, default="automatic")
    vendor_id = models.CharField(max_length=120, blank=True, default="")
    next = models.JSONField(default=dict)
    card = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    failure_kind = models.CharField(max_length=20, blank=True, default="")
    failure_code = models.CharField(max_length=80, blank=True, default="")
    failure_text = models.CharField(max_length=300, blank=True, default="")
    capture_before = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(null=True)
    looks = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True, default="")
    register_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    employee_name = models.CharField(max_length=120, blank=True, default="")
    device_id = models.UUIDField(null=True)
    overridden_at = models.DateTimeField(null=True)
    overridden_by = models.CharField(max_length=120, blank=True, default="")
    override_reason = models.CharField(max_length=200, blank=True, default="")
    token_hash = models.CharField(max_length=64, null=True)
    at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)
    business_date = models.DateField()

    class Meta:
        verbose_name, verbose_name_plural = "payment asked for", "payments asked for"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["order_id"], name="payments_attempt_order"),
            # What the resolver looks at; most attempts are over.
            models.Index(
                fields=["next_look_at"],
                name="payments_attempt_look",
                condition=Q(next_look_at__isnull=False),
            ),
            models.Index(fields=["connection", "captured_at"], name="payments_attempt_captured"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "vendor_id"],
                name="payments_attempt_vendor",
                condition=~Q(vendor_id=""),
            ),
            models.UniqueConstraint(
                fields=["order_id", "amount_minor"],
                name="payments_attempt_one_open",
                condition=Q(state__in=states.BLOCKING, overridden_at__isnull=True, order_id__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["token_hash"], name="payments_attempt_token", condition=Q(token_hash__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(state__in=states.ATTEMPT.states), name="payments_attempt_state_known"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, tip_minor__gte=0, authorised_minor__gte=0),
                name="payments_attempt_positive",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("captured_minor")),
                name="payments_attempt_refunded_at_most",
            ),
            models.CheckConstraint(
                condition=~Q(state=states.CAPTURED) | Q(captured_minor__gt=0),
                name="payments_attempt_captured_something",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class AttemptStep(HistoryModel):
    """What was sent, answered or noticed. A row `sent` with its key is committed before the request leaves."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, db_index=False, related_name="steps")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=10)
    verb = models.CharField(max_length=12)
    key = models.CharField(max_length=255, blank=True, default="")
    state = models.CharField(max_length=12)
    detail = models.JSONField(default=dict)
    by = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering = ["attempt", "number"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "number"], name="payments_attemptstep_number"),
            models.CheckConstraint(
                condition=Q(what__in=("sent", "answered", "noticed")), name="payments_attemptstep_what_known"
            ),
        ]


class GatewayRefund(TenantModel):
    """Money of an attempt on its way back. Made in the transaction that decides the refund, sent afterwards.

    `part_id` is the row of `payments_refund` it carries out (None: given back without a document, late
    money for instance).
    A failed one is sent anew under the next `number`, or settled otherwise (`settled_by`).
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="refunds")
    part_id = models.UUIDField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, default=states.PREPARED)
    number = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=255)
    vendor_id = models.CharField(max_length=120, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    failure_code = models.CharField(max_length=80, blank=True, default="")
    failure_text = models.CharField(max_length=300, blank=True, default="")
    looks = models.PositiveIntegerField(default=0)
    next_look_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    business_date = models.DateField()

    class Meta:
        verbose_name, verbose_name_plural = "refund going back", "refunds going back"
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["next_look_at"],
                name="payments_gatewayrefund_look",
                condition=Q(next_look_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["part_id"], name="payments_gatewayrefund_part", condition=Q(part_id__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(state__in=states.REFUND_STATES), name="payments_gatewayrefund_state_known"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payments_gatewayrefund_positive"),
        ]

    def __str__(self) -> str:
        return f"{spell_money(self.amount_minor, self.currency)}, {self.at:%Y-%m-%d}"
