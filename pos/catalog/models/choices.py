"""What a guest chooses along with an item: modifiers in groups, and the components of a combo."""

from django.db import models
from django.db.models import F, Q

from fynlo.core.models import TenantModel
from pos.catalog.models.items import Item, Variant


class ModifierGroup(TenantModel):
    """Modifiers of which between `min_count` and `max_count` are chosen (None: as many as there are)."""

    name = models.CharField(max_length=120, unique=True)
    kitchen_name = models.CharField(max_length=80, blank=True, default="")
    min_count = models.PositiveSmallIntegerField(default=0)
    max_count = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(max_count__isnull=True)
                | (Q(max_count__gte=1) & Q(max_count__gte=F("min_count"))),
                name="pos_modifiergroup_range",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Modifier(TenantModel):
    """One thing that can be added; a negative price takes off. The kitchen reads `kitchen_name`."""

    group = models.ForeignKey(
        ModifierGroup, on_delete=models.CASCADE, related_name="modifiers", db_index=False
    )
    name = models.CharField(max_length=120)
    kitchen_name = models.CharField(max_length=80, blank=True, default="")
    price_minor = models.BigIntegerField(default=0)
    default_quantity = models.PositiveSmallIntegerField(default=0)
    max_quantity = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["group", "name"], name="pos_modifier_name"),
            models.CheckConstraint(
                condition=Q(max_quantity__gte=1, default_quantity__lte=F("max_quantity")),
                name="pos_modifier_quantity_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ModifierPrice(TenantModel):
    """Another price of a modifier: on one item, at one location, or both. The most specific one counts."""

    modifier = models.ForeignKey(Modifier, on_delete=models.CASCADE, related_name="prices", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    location = models.ForeignKey(
        "pos.Location", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    price_minor = models.BigIntegerField()

    class Meta:
        ordering = ["modifier", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["modifier", "item", "location"], name="pos_modifierprice_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False) | Q(location__isnull=False),
                name="pos_modifierprice_somewhere",
            ),
        ]


class GroupUse(TenantModel):
    """Where a modifier group is offered: with an item, or nested under a modifier; its range may differ there."""

    group = models.ForeignKey(ModifierGroup, on_delete=models.CASCADE, related_name="uses", db_index=False)
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, null=True, blank=True, related_name="modifier_groups"
    )
    modifier = models.ForeignKey(
        Modifier, on_delete=models.CASCADE, null=True, blank=True, related_name="groups"
    )
    position = models.PositiveIntegerField(default=0)
    min_count = models.PositiveSmallIntegerField(null=True, blank=True)
    max_count = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "item", "modifier"], name="pos_groupuse_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False, modifier__isnull=True)
                | Q(item__isnull=True, modifier__isnull=False),
                name="pos_groupuse_one_place",
            ),
        ]


class ComboSlot(TenantModel):
    """A choice a combo offers: exactly one of its choices is taken. `item` is the combo."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="combo_slots", db_index=False)
    name = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["item", "name"], name="pos_comboslot_name")]

    def __str__(self) -> str:
        return self.name


class ComboChoice(TenantModel):
    """A variant that can fill a slot, for `upcharge_minor` more than the combo's price."""

    slot = models.ForeignKey(ComboSlot, on_delete=models.CASCADE, related_name="choices", db_index=False)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", db_index=False)
    upcharge_minor = models.BigIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["slot", "variant"], name="pos_combochoice_once"),
            models.CheckConstraint(condition=Q(upcharge_minor__gte=0), name="pos_combochoice_not_negative"),
        ]
