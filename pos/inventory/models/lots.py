"""Lots and serials: what tells one piece of a variant from another, how much of each is where."""

from decimal import Decimal
from typing import Final

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.catalog.models import Variant

MAX_LOT_CODE: Final = 20
"""GS1 allows twenty characters for a lot (10) and for a serial (21)."""
LOT, SERIAL = LOT_KINDS = ("lot", "serial")


class StockLot(TenantModel):
    """A lot of a variant, or one piece of it with a serial, as its code says.

    `expires_on` is the last day it is good. `received_at` is None for what nobody received: a sale named it first.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="stock_lots")
    code = models.CharField(max_length=MAX_LOT_CODE)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in LOT_KINDS])
    expires_on = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            # The code first: a recall begins with what is printed on the package.
            models.UniqueConstraint(fields=["code", "variant"], name="pos_stocklot_code"),
            models.CheckConstraint(
                condition=Q(kind__in=LOT_KINDS) & ~Q(code=""), name="pos_stocklot_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class StockLotLevel(TenantModel):
    """What is on hand of a lot at a location: the sum of the movements that name it, kept in their transaction.

    Below zero when more of the lot was sold than came. What moved without a lot is in the variant's level only.
    """

    lot = models.ForeignKey(StockLot, on_delete=models.PROTECT, related_name="levels", db_index=False)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey("pos.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    on_hand = models.DecimalField(max_digits=30, decimal_places=6, default=Decimal(0), db_default=Decimal(0))

    class Meta:
        ordering = ["id"]
        indexes = [
            # What may be taken from; lots that are used up are many and are not looked at.
            models.Index(
                fields=["variant", "location"],
                name="pos_stocklotlevel_there",
                condition=Q(on_hand__gt=0),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["lot", "location"], name="pos_stocklotlevel_place"),
        ]
