"""How a merchant keeps stock: for the house, for an item, for a variant at a location."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.catalog.models import THE_ONE, Item, Variant
from pos.inventory.policies import ALLOW, BACKORDER, DENY, POLICIES, UNTRACKED

__all__ = [
    "ALLOW",
    "BACKORDER",
    "COST_METHODS",
    "DENY",
    "NO_LOTS",
    "POLICIES",
    "TRACKING",
    "UNTRACKED",
    "StockHead",
    "StockItem",
    "StockTarget",
]

COST_METHODS = ("average", "fifo")
NO_LOTS, LOTS, SERIALS = TRACKING = ("none", "lot", "serial")


def _choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class StockHead(TenantModel):
    """The merchant's rules of stock: one row.

    `default_policy` counts for items that have none of their own. More than `over_receipt_percent` above what was
    ordered is received only with approval; so is a count whose variance is worth more than
    `count_variance_limit_minor` (None: never). Lots are alerted `expiry_alert_days` before they expire, goods that
    have not moved for `dead_after_days` are dead.
    """

    own_key: ClassVar[str] = "one row in every merchant's schema, always found by the same key"

    id = models.PositiveSmallIntegerField(  # type: ignore[assignment]
        primary_key=True, default=THE_ONE, editable=False
    )
    cost_method = models.CharField(
        max_length=10, default="average", db_default="average", choices=_choices(COST_METHODS)
    )
    default_policy = models.CharField(
        max_length=10, default=ALLOW, db_default=ALLOW, choices=_choices(POLICIES)
    )
    over_receipt_percent = models.DecimalField(
        max_digits=7, decimal_places=2, default=Decimal(0), db_default=Decimal(0)
    )
    count_variance_limit_minor = models.BigIntegerField(null=True, blank=True)
    expiry_alert_days = models.PositiveIntegerField(default=7, db_default=7)
    dead_after_days = models.PositiveIntegerField(default=90, db_default=90)
    default_lead_time_days = models.PositiveIntegerField(default=7, db_default=7)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=THE_ONE), name="pos_stockhead_one_row"),
            models.CheckConstraint(
                condition=Q(cost_method__in=COST_METHODS, default_policy__in=POLICIES),
                name="pos_stockhead_known",
            ),
            models.CheckConstraint(
                condition=Q(over_receipt_percent__gte=0, over_receipt_percent__lte=1000)
                & (Q(count_variance_limit_minor__isnull=True) | Q(count_variance_limit_minor__gte=0)),
                name="pos_stockhead_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return "stock settings"


class StockItem(TenantModel):
    """How stock of an item is kept. Items without a row: the merchant's default policy, no lots.

    `policy` says what a sale does when there is not enough ('' is the merchant's default); `tracking` whether
    pieces are told apart; `shelf_life_days` gives a lot received without a date its expiry.
    `stops_when_out`: when a dish's ingredient is gone, the dish is stopped ("86") and let go on by itself.
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="stock_item")
    policy = models.CharField(
        max_length=10, default="", db_default="", blank=True, choices=_choices(POLICIES)
    )
    tracking = models.CharField(
        max_length=10, default=NO_LOTS, db_default=NO_LOTS, choices=_choices(TRACKING)
    )
    shelf_life_days = models.PositiveIntegerField(null=True, blank=True)
    stops_when_out = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(policy__in=("", *POLICIES), tracking__in=TRACKING), name="pos_stockitem_known"
            )
        ]


class StockTarget(TenantModel):
    """What should be on the shelf of a variant at a location: when to order, up to what, how long it takes.

    At or below `reorder_point` it is low, above `maximum` it is too much; orders fill up to `par_level`.
    """

    variant = models.ForeignKey(
        Variant, on_delete=models.CASCADE, related_name="stock_targets", db_index=False
    )
    location = models.ForeignKey("pos.Location", on_delete=models.CASCADE, related_name="+", db_index=False)
    reorder_point = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    par_level = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    maximum = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    safety_stock = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    lead_time_days = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["variant", "location"], name="pos_stocktarget_place"),
            models.CheckConstraint(
                condition=(Q(reorder_point__isnull=True) | Q(reorder_point__gte=0))
                & (Q(par_level__isnull=True) | Q(par_level__gte=0))
                & (Q(maximum__isnull=True) | Q(maximum__gte=0))
                & (Q(safety_stock__isnull=True) | Q(safety_stock__gte=0)),
                name="pos_stocktarget_not_negative",
            ),
        ]
