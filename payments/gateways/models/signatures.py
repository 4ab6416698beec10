"""Signatures of guests, kept in the merchant's schema like everything else."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel
from payments.gateways.models.attempts import Attempt


class AttemptSignature(HistoryModel):
    """What a guest signed for an attempt to pay: once, and never changed.

    `content` is a picture that we encoded ourselves, `digest` the SHA-256 of its pixels. `signed_at` is the moment
    the till states, `at` when it came here, brought by `by` with this device. `flags` are codes of what is odd; it
    is a fact all the same.
    """

    own_key: ClassVar[str] = "an attempt has one signature, so the attempt's key is its key"

    id = None  # type: ignore[assignment]  # Django's way to drop an inherited field
    attempt = models.OneToOneField(
        Attempt, on_delete=models.PROTECT, primary_key=True, related_name="signature"
    )
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    signed_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    employee_id = models.UUIDField(null=True)
    device_id = models.UUIDField(null=True)
    flags = models.JSONField(default=list)

    class Meta:
        ordering = ["attempt"]
        constraints = [
            models.CheckConstraint(
                condition=Q(width__gte=1, height__gte=1), name="payments_attemptsignature_pixels"
            )
        ]
