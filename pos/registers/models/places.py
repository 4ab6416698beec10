"""Locations and registers."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models

from fynlo.core.models import TenantModel


class Location(TenantModel):
    """A shop, café or stand: has its own clock, trading day, hours and tax address.

    `opening_hours` says for each day (`mon` to `sun`) when the doors are open, in local time:
    `{"mon": ["09:00-13:00", "15:00-18:30"]}`. The tax address is printed where the law wants another
    than the address guests know; empty, it is the same.
    """

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    address = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    tax_address = ArrayField(models.CharField(max_length=120), default=list, db_default=[], blank=True)
    tax_number = models.CharField(max_length=40, default="", db_default="", blank=True)
    time_zone = models.CharField(max_length=64)
    cut_off = models.TimeField(default=dt.time(0, 0))
    opening_hours = models.JSONField(default=dict, db_default={}, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Register(TenantModel):
    """A till of a location. Its numbers are dense and each is taken from the counter of its kind.

    `drawer` is where its cash goes; without one it has none until one is opened for it. `journal_head` is the hash
    of its last journal entry ("" before the first), `grand_total_minor` the sum of all its receipts for ever,
    `refund_total_minor` that of all its refunds; neither is ever lowered. `traded` are running sums of its receipts
    (`pos.registers.traded`), which closings take the difference of. `last_session_number` is kept for the
    release before there were drawers.
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="registers", db_index=False)
    drawer = models.ForeignKey(
        "pos.Drawer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registers",
        db_index=False,
    )
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
    traded = models.JSONField(default=dict, db_default={}, editable=False)
    is_active = models.BooleanField(default=True)
    is_training = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
