"""Recipes: what a dish is made of, what one of it needs, batches that were made, waste, dishes that are out."""

import decimal

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import fynlo.core.ids
from fynlo.core.history import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0009_stock_costs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recipe",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "made",
                    models.CharField(
                        choices=[("to_order", "to_order"), ("in_batches", "in_batches")],
                        default="to_order",
                        max_length=10,
                    ),
                ),
                (
                    "yield_quantity",
                    models.DecimalField(decimal_places=6, default=decimal.Decimal(1), max_digits=18),
                ),
                ("yield_unit", models.CharField(blank=True, default="", max_length=20)),
                ("note", models.TextField(blank=True, default="", max_length=2000)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.UUIDField(null=True)),
                (
                    "modifier",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipe",
                        to="pos.modifier",
                    ),
                ),
                (
                    "variant",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipe",
                        to="pos.variant",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RecipeLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("effect", models.CharField(default="add", max_length=10)),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ("unit", models.CharField(blank=True, default="", max_length=20)),
                (
                    "waste_percent",
                    models.DecimalField(decimal_places=4, default=decimal.Decimal(0), max_digits=7),
                ),
                (
                    "ingredient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recipe_lines",
                        to="pos.variant",
                    ),
                ),
                (
                    "recipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="pos.recipe"
                    ),
                ),
                (
                    "replaced",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recipe_swaps",
                        to="pos.variant",
                    ),
                ),
            ],
            options={
                "ordering": ["recipe", "position", "id"],
            },
        ),
        migrations.CreateModel(
            name="RecipeNeed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("owner_id", models.UUIDField(db_index=True)),
                ("effect", models.CharField(max_length=10)),
                ("ingredient_id", models.UUIDField()),
                ("numerator", models.DecimalField(decimal_places=0, max_digits=400, null=True)),
                ("denominator", models.DecimalField(decimal_places=0, max_digits=400, null=True)),
                ("replaced_id", models.UUIDField(null=True)),
                (
                    "via",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("until__isnull", True)),
                        fields=["ingredient_id"],
                        name="pos_recipeneed_ingredient",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effect__in", ("add", "remove", "replace", "batch")),
                            models.Q(
                                models.Q(
                                    ("denominator__isnull", True),
                                    ("effect", "remove"),
                                    ("numerator__isnull", True),
                                ),
                                models.Q(
                                    ("denominator__gt", 0),
                                    ("denominator__isnull", False),
                                    ("numerator__gt", 0),
                                    ("numerator__isnull", False),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="pos_recipeneed_quantity",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecipeVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("owner_id", models.UUIDField()),
                ("revision", models.PositiveIntegerField()),
                ("document", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
                ("changed_by", models.UUIDField(null=True)),
            ],
            options={
                "ordering": ["owner_id", "revision"],
                "constraints": [
                    models.UniqueConstraint(fields=("owner_id", "revision"), name="pos_recipeversion_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StockProduction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("lot_id", models.UUIDField(null=True)),
                ("recipe_revision", models.PositiveIntegerField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("employee_id", models.UUIDField(null=True)),
                ("made_by", models.CharField(blank=True, default="", max_length=120)),
                ("at", models.DateTimeField()),
                ("business_date", models.DateField()),
                ("revert_id", models.UUIDField(null=True)),
                ("reverted_at", models.DateTimeField(null=True)),
                ("reverted_by", models.CharField(blank=True, default="", max_length=120)),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pos.location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="productions",
                        to="pos.variant",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="StockWaste",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("unit", models.CharField(max_length=20)),
                ("reason_code", models.CharField(max_length=40)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("by_recipe", models.BooleanField(default=False)),
                ("lot_id", models.UUIDField(null=True)),
                ("employee_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("business_date", models.DateField(db_index=True)),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pos.location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pos.variant",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="WasteReason",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("position", models.PositiveIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["position", "code"],
                "constraints": [models.UniqueConstraint(fields=("code",), name="pos_wastereason_code")],
            },
        ),
        migrations.CreateModel(
            name="DishOut",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("stop_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="pos.location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="pos.variant",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("variant", "location"), name="pos_dishout_place")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="recipe",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("modifier__isnull", True), ("variant__isnull", False)),
                    models.Q(("made", "to_order"), ("modifier__isnull", False), ("variant__isnull", True)),
                    _connector="OR",
                ),
                name="pos_recipe_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipe",
            constraint=models.CheckConstraint(
                condition=models.Q(("made__in", ("to_order", "in_batches"))), name="pos_recipe_made_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="recipe",
            constraint=models.CheckConstraint(
                condition=models.Q(("yield_quantity__gt", 0)), name="pos_recipe_yields"
            ),
        ),
        migrations.AddConstraint(
            model_name="recipeline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("effect", "add"),
                        ("quantity__gt", 0),
                        ("quantity__isnull", False),
                        ("replaced__isnull", True),
                    ),
                    models.Q(
                        ("effect", "remove"),
                        ("replaced__isnull", True),
                        models.Q(("quantity__isnull", True), ("quantity__gt", 0), _connector="OR"),
                    ),
                    models.Q(("effect", "replace"), ("quantity__isnull", True), ("replaced__isnull", False)),
                    _connector="OR",
                ),
                name="pos_recipeline_effect",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipeline",
            constraint=models.CheckConstraint(
                condition=models.Q(("waste_percent__gte", 0), ("waste_percent__lt", 100)),
                name="pos_recipeline_waste_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockproduction",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="pos_stockproduction_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="stockproduction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revert_id__isnull", True), ("reverted_at__isnull", True)),
                    models.Q(("revert_id__isnull", False), ("reverted_at__isnull", False)),
                    _connector="OR",
                ),
                name="pos_stockproduction_reverted_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockwaste",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="pos_stockwaste_positive"
            ),
        ),
        append_only("pos_recipeversion", "pos_stockwaste"),
    ]
