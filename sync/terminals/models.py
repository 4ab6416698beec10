"""Paired devices and the codes that pair them."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.registers.models import Register


class Terminal(TenantModel):
    """A device bound to a register. Its token is kept as a hash; a new pairing is a new epoch.

    `public_key` is the device's Ed25519 key (32 bytes, base64), with which it will sign what it sold offline.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="terminals")
    name = models.CharField(max_length=80)
    epoch = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    token_expires_at = models.DateTimeField()
    public_key = models.CharField(max_length=44, null=True, blank=True)
    paired_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["paired_at", "id"]

    def __str__(self) -> str:
        return self.name


class PairingCode(TenantModel):
    """A short code shown to a manager: ten minutes, five tries, once.

    The first half finds the row, so that tries are counted against this code; only a hash of the second half
    is kept.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="pairing_codes")
    selector = models.CharField(max_length=8, unique=True)
    secret_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    terminal = models.ForeignKey(Terminal, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, terminal__isnull=True)
                | Q(used_at__isnull=False, terminal__isnull=False),
                name="sync_pairingcode_used_by",
            )
        ]
