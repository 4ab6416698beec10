"""A merchant's accounts at vendors, and the readers that belong to them."""

from typing import Final

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel

LOST: Final = "disconnected"
"""The vendor does not let us in; what the account can do is not known then."""
CONNECTION_STATES: Final = ("active", "restricted", LOST)
UNCHECKED: Final = "unchecked"
"""What is told of an account that looks well only because its vendor was never asked. Not kept: `checked_at` is."""


class Connection(TenantModel):
    """An account at a vendor, whose name for it is `account`. `sealed_secrets` is JSON only the platform can open.

    `capabilities` and `health` are what it answered last, at `checked_at`. `told_at` is when the owner was
    told that it does not work any more: once.

    Accounts of a vendor are told apart by their names there, and one with a key of its own by that: it needs none.
    """

    gateway = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    account = models.CharField(max_length=100, blank=True, default="")
    is_live = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    state = models.CharField(max_length=20, default="active")
    settings = models.JSONField(default=dict)
    sealed_secrets = models.TextField(blank=True, default="")
    capabilities = models.JSONField(default=dict)
    health = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name, verbose_name_plural = "account at a provider", "accounts at providers"
        ordering = ["gateway", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "account"],
                condition=~Q(account="") | Q(sealed_secrets=""),
                name="payments_connection_account",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CONNECTION_STATES), name="payments_connection_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reader(TenantModel):
    """A card reader, and the register it stands at (None: any). `action` is what the vendor says it is doing."""

    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, db_index=False, related_name="readers"
    )
    vendor_id = models.CharField(max_length=100)
    name = models.CharField(max_length=80)
    model = models.CharField(max_length=60, blank=True, default="")
    register_id = models.UUIDField(null=True)
    state = models.CharField(max_length=20, default="unknown")
    action = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name, verbose_name_plural = "card reader", "card readers"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "vendor_id"], name="payments_reader_vendor")
        ]

    def __str__(self) -> str:
        return self.name
