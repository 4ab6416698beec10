"""Paired devices and the codes that pair them."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.registers.models import Register


class Terminal(TenantModel):
    """One installation of a device at a register. Its token is kept as a hash.

    `public_key` is the device's Ed25519 key (32 bytes, base64), with which it signs what it sold offline. A
    device that is installed anew gets a new row: `epoch` counts its installations and `replaces` names the one
    before, whose key stays to verify what it signed.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="terminals")
    name = models.CharField(max_length=80)
    epoch = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    token_expires_at = models.DateTimeField()
    public_key = models.CharField(max_length=44, null=True, blank=True)
    paired_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    class Meta:
        ordering = ["paired_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, epoch=1) | Q(replaces__isnull=False, epoch__gt=1),
                name="sync_terminal_epoch_counts",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PairingCode(TenantModel):
    """A short code shown to a manager: ten minutes, five tries, once.

    The first half finds the row, so that tries are counted against this code; of the second half only a keyed
    hash is kept. `for_terminal` is the device this code installs anew, `terminal` the one it has paired.
    `request_hash` recognises the request that used the code when its answer was lost and it comes again.
    """

    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, related_name="pairing_codes", db_index=False
    )
    selector = models.CharField(max_length=8, unique=True)
    secret_hash = models.CharField(max_length=64)
    for_terminal = models.ForeignKey(
        Terminal, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    created_by_id = models.UUIDField(null=True, blank=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    terminal = models.ForeignKey(
        Terminal, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    request_hash = models.CharField(max_length=64, null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, terminal__isnull=True)
                | Q(used_at__isnull=False, terminal__isnull=False),
                name="sync_pairingcode_used_by",
            ),
            models.CheckConstraint(condition=Q(tries__lte=5), name="sync_pairingcode_tries"),
        ]

    def __repr__(self) -> str:
        return f"<PairingCode {self.pk}>"
