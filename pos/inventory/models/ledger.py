"""Stock: movements are appended, levels are their sums."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Abs

from fynlo.core.models import HistoryModel, TenantModel
from pos.catalog.models import Variant


class StockMovement(HistoryModel):
    """A quantity that came (positive) or went (negative), in the item's unit, with its cause and its value.

    `value_minor` is what the stock became worth more (negative: less) by it, in minor units of the merchant's
    currency; `is_valued` says that somebody stated it (an invoice), else costing derived it. A revaluation moves
    no goods: with an `original` it corrects what that movement was worth, alone what is on the shelf.

    Values have 15 places, so a quantity (6 places) times a cost per unit (9 places: a gram of flour costs less
    than a cent) is never rounded.

    `document_id` is what caused it: a count, a transfer, a receipt, a refund …, `document_line_id` its line.
    `original` is the movement this one reverses, corrects or continues. A reversal says how much of the original
    was reversed before it, so the same part is never reversed twice. `recorded_at` is None on movements of a
    release that did not keep it. `is_lot_inferred`: nobody said which lot it was; it was the first to expire.
    """

    OPENING, SALE, RETURN, ADJUSTMENT = "opening", "sale", "return", "adjustment"
    TRANSFER_OUT, TRANSFER_IN, WASTE, PRODUCTION = "transfer_out", "transfer_in", "waste", "production"
    COUNT, CHANNEL, PURCHASE, PURCHASE_RETURN = "count", "channel", "purchase", "purchase_return"
    REVALUATION = "revaluation"
    KINDS = (
        OPENING,
        SALE,
        RETURN,
        ADJUSTMENT,
        TRANSFER_OUT,
        TRANSFER_IN,
        WASTE,
        PRODUCTION,
        COUNT,
        CHANNEL,
        PURCHASE,
        PURCHASE_RETURN,
        REVALUATION,
    )

    # No constraints: the level this movement is added to in the same statement has them, and is never deleted.
    variant = models.ForeignKey(
        Variant,
        on_delete=models.PROTECT,
        related_name="stock_movements",
        db_constraint=False,
        db_index=False,
    )
    location = models.ForeignKey(
        "pos.Location",
        on_delete=models.PROTECT,
        related_name="stock_movements",
        db_constraint=False,
        db_index=False,
    )
    kind = models.CharField(max_length=20)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    value_minor = models.DecimalField(
        max_digits=40, decimal_places=15, default=Decimal(0), db_default=Decimal(0)
    )
    is_valued = models.BooleanField(default=False, db_default=False)
    lot_id = models.UUIDField(null=True)
    is_lot_inferred = models.BooleanField(default=False, db_default=False)
    order_id = models.UUIDField(null=True)
    order_line_id = models.UUIDField(null=True)
    document_id = models.UUIDField(null=True)
    document_line_id = models.UUIDField(null=True)
    original = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_index=False, related_name="followers"
    )
    original_quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    reversed_before = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    reason = models.CharField(max_length=200, default="", db_default="", blank=True)
    employee_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    business_date = models.DateField()
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["variant", "location", "at"], name="pos_stockmovement_card"),
            # A day's movements among a million; what moved since a past date, to say what stock was worth then.
            models.Index(fields=["business_date"], name="pos_stockmovement_day"),
            models.Index(fields=["lot_id"], name="pos_stockmovement_lot", condition=Q(lot_id__isnull=False)),
            models.Index(
                fields=["document_id"],
                name="pos_stockmovement_document",
                condition=Q(document_id__isnull=False),
            ),
            models.Index(
                fields=["original"], name="pos_stockmovement_original", condition=Q(original__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(kind="revaluation") & ~Q(quantity=0))
                | (Q(kind="revaluation", quantity=0) & ~Q(value_minor=0)),
                name="pos_stockmovement_moves",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=(
                        "opening",
                        "sale",
                        "return",
                        "adjustment",
                        "transfer_out",
                        "transfer_in",
                        "waste",
                        "production",
                        "count",
                        "channel",
                        "purchase",
                        "purchase_return",
                        "revaluation",
                    )
                ),
                name="pos_stockmovement_kind_known",
            ),
            models.UniqueConstraint(
                # A combo's components belong to one line, and so do the ingredients and lots of a dish.
                fields=["order_line_id", "variant", "kind", "lot_id", "original", "document_id"],
                # What a line's goods cost may be corrected more than once.
                condition=Q(order_line_id__isnull=False) & ~Q(kind="revaluation"),
                nulls_distinct=False,
                name="pos_stockmovement_once_per_line",
            ),
            models.UniqueConstraint(
                fields=["variant", "location"],
                condition=Q(kind="opening"),
                name="pos_stockmovement_one_opening",
            ),
            models.UniqueConstraint(
                fields=["original", "reversed_before"],
                condition=Q(reversed_before__isnull=False),
                name="pos_stockmovement_reversed_once",
            ),
            models.CheckConstraint(
                condition=Q(reversed_before__isnull=True)
                | Q(
                    original__isnull=False,
                    original_quantity__isnull=False,
                    reversed_before__gte=0,
                    reversed_before__lte=Abs(F("original_quantity")) - Abs(F("quantity")),
                ),
                name="pos_stockmovement_reversed_at_most",
            ),
        ]


class StockLevel(TenantModel):
    """What is on hand of a variant at a location: the sum of its movements, kept in the same transaction.

    `reserved` is promised to somebody, `in_transit` on its way here. `unit_cost_minor` is what the next unit out
    costs as far as is known (None: nothing ever cost anything); costs of movements from `settle_from` on are still
    to be settled. `counted_at` is the time of the newest count: what is recorded later of before it was counted.
    """

    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="stock_levels", db_index=False
    )
    location = models.ForeignKey(
        "pos.Location", on_delete=models.PROTECT, related_name="stock_levels", db_index=False
    )
    # Wider than a movement: a sum of many large ones must not refuse a sale.
    on_hand = models.DecimalField(max_digits=30, decimal_places=6, default=Decimal(0), db_default=Decimal(0))
    reserved = models.DecimalField(max_digits=30, decimal_places=6, default=Decimal(0), db_default=Decimal(0))
    in_transit = models.DecimalField(
        max_digits=30, decimal_places=6, default=Decimal(0), db_default=Decimal(0)
    )
    value_minor = models.DecimalField(
        max_digits=40, decimal_places=15, default=Decimal(0), db_default=Decimal(0)
    )
    unit_cost_minor = models.DecimalField(max_digits=30, decimal_places=9, null=True)
    counted_at = models.DateTimeField(null=True)
    settle_from = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["settle_from"],
                name="pos_stocklevel_unsettled",
                condition=Q(settle_from__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["variant", "location"], name="pos_stocklevel_place"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, in_transit__gte=0), name="pos_stocklevel_promises_not_negative"
            ),
        ]

    @property
    def available(self) -> Decimal:
        """What may still be sold or promised."""
        return self.on_hand - self.reserved


class StockCountResult(HistoryModel):
    """That `quantity` of a variant was on the shelf at `counted_at`: whatever is recorded later of before is in it.

    Appended when a count is closed, also where the count and the books agreed. `lot_id` None: of all lots.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey("pos.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    lot_id = models.UUIDField(null=True)
    counted_at = models.DateTimeField()
    business_date = models.DateField()
    quantity = models.DecimalField(max_digits=30, decimal_places=6)
    count_id = models.UUIDField()

    class Meta:
        ordering = ["counted_at", "id"]
        indexes = [
            models.Index(fields=["variant", "location", "counted_at"], name="pos_stockcountresult_place"),
        ]
