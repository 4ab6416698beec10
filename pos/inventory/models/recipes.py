"""What dishes are made of: recipes as they were written, every version of them, and what follows per dish."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel, TenantModel
from pos.catalog.models import Modifier, Variant

TO_ORDER, IN_BATCHES = MADE = ("to_order", "in_batches")
ADD, REMOVE, REPLACE = LINE_EFFECTS = ("add", "remove", "replace")
BATCH = "batch"
NEED_EFFECTS = (*LINE_EFFECTS, BATCH)
LONGEST_RECIPE_NOTE = 2000


class Recipe(TenantModel):
    """What `yield_quantity` `yield_unit` of a variant is made of, or what a modifier changes in a dish.

    Made `to_order`, the ingredients leave stock at the sale; made `in_batches`, the dish itself is stock and a
    production takes the ingredients. A modifier's recipe is for one of it. `revision` counts the versions.
    """

    variant = models.OneToOneField(
        Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="recipe"
    )
    modifier = models.OneToOneField(
        Modifier, on_delete=models.CASCADE, null=True, blank=True, related_name="recipe"
    )
    made = models.CharField(max_length=10, default=TO_ORDER, choices=[(made, made) for made in MADE])
    yield_quantity = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(1))
    yield_unit = models.CharField(max_length=20, blank=True, default="")
    note = models.TextField(max_length=LONGEST_RECIPE_NOTE, blank=True, default="")
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(variant__isnull=False, modifier__isnull=True)
                | Q(variant__isnull=True, modifier__isnull=False, made=TO_ORDER),
                name="pos_recipe_one_owner",
            ),
            models.CheckConstraint(condition=Q(made__in=MADE), name="pos_recipe_made_known"),
            models.CheckConstraint(condition=Q(yield_quantity__gt=0), name="pos_recipe_yields"),
        ]


class RecipeLine(TenantModel):
    """An ingredient: `quantity` `unit` of it as it goes into the dish, of which more is taken for what is lost.

    `waste_percent` of what is taken is peel, bone, trim: 800 g at 20 % take a kilogram. Lines of a modifier may
    also `remove` an ingredient from the dish (without a quantity: all of it) or `replace` one by this one.
    """

    recipe = models.ForeignKey(Recipe, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    effect = models.CharField(max_length=10, default=ADD)
    ingredient = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="recipe_lines")
    quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    unit = models.CharField(max_length=20, blank=True, default="")
    waste_percent = models.DecimalField(max_digits=7, decimal_places=4, default=Decimal(0))
    replaced = models.ForeignKey(
        Variant, on_delete=models.PROTECT, null=True, db_index=False, related_name="recipe_swaps"
    )

    class Meta:
        ordering = ["recipe", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effect=ADD, quantity__isnull=False, quantity__gt=0, replaced__isnull=True)
                | (Q(effect=REMOVE, replaced__isnull=True) & (Q(quantity__isnull=True) | Q(quantity__gt=0)))
                | Q(effect=REPLACE, quantity__isnull=True, replaced__isnull=False),
                name="pos_recipeline_effect",
            ),
            models.CheckConstraint(
                condition=Q(waste_percent__gte=0, waste_percent__lt=100), name="pos_recipeline_waste_range"
            ),
        ]


class RecipeVersion(HistoryModel):
    """A recipe as it was from `at` on; no document: it was removed. `owner_id` is the variant or modifier."""

    owner_id = models.UUIDField()
    revision = models.PositiveIntegerField()
    document = models.JSONField(null=True)
    at = models.DateTimeField()
    changed_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["owner_id", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["owner_id", "revision"], name="pos_recipeversion_once")
        ]


class RecipeNeed(TenantModel):
    """What one unit of a dish, or one of a modifier, needs of a stocked ingredient: recipes multiplied out.

    `numerator`/`denominator` is the exact quantity in the ingredient's unit (none: all of it). `via` are the
    sub-recipes on the way. In force from `since` (None: ever) until `until` (None: still), so a sale that
    is recorded late takes what was in force when it happened. A dish made in batches has effect `batch`. Kept
    by `pos.inventory.services.recipes`; ids name what was in force even where the catalogue no longer has it.
    """

    owner_id = models.UUIDField(db_index=True)
    effect = models.CharField(max_length=10)
    ingredient_id = models.UUIDField()
    numerator = models.DecimalField(max_digits=400, decimal_places=0, null=True)
    denominator = models.DecimalField(max_digits=400, decimal_places=0, null=True)
    replaced_id = models.UUIDField(null=True)
    via = ArrayField(models.UUIDField(), default=list)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["ingredient_id"], name="pos_recipeneed_ingredient", condition=Q(until__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(effect__in=NEED_EFFECTS)
                & (
                    Q(effect=REMOVE, numerator__isnull=True, denominator__isnull=True)
                    | Q(
                        numerator__isnull=False,
                        numerator__gt=0,
                        denominator__isnull=False,
                        denominator__gt=0,
                    )
                ),
                name="pos_recipeneed_quantity",
            )
        ]
