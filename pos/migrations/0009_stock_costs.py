"""Costs of stock: where settling stands."""

import django.db.models.deletion
from django.db import migrations, models

import fynlo.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0008_stock_ledger"),
    ]

    operations = [
        migrations.CreateModel(
            name="StockCostState",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sequence", models.BigIntegerField()),
                ("method", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                ("movement_id", models.UUIDField()),
                ("state", models.JSONField()),
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
            options={"ordering": ["id"]},
        ),
        migrations.AddConstraint(
            model_name="stockcoststate",
            constraint=models.UniqueConstraint(
                fields=("variant", "location", "sequence"), name="pos_stockcoststate_stream"
            ),
        ),
        migrations.AddConstraint(
            model_name="stockcoststate",
            constraint=models.CheckConstraint(
                condition=models.Q(("sequence__gt", 0)), name="pos_stockcoststate_sequence_positive"
            ),
        ),
    ]
