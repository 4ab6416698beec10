"""Costs of stock: where settling stands; a movement may be corrected more than once."""

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
        # Going back, the index stays as it is: what was corrected twice by then fits no other.
        migrations.RunSQL(
            "DROP INDEX pos_stockmovement_once_per_line; "
            "CREATE UNIQUE INDEX pos_stockmovement_once_per_line ON pos_stockmovement "
            "(order_line_id, variant_id, kind, lot_id, original_id, document_id) NULLS NOT DISTINCT "
            "WHERE order_line_id IS NOT NULL AND NOT kind = 'revaluation'",
            reverse_sql=migrations.RunSQL.noop,
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="stockmovement", name="pos_stockmovement_once_per_line"
                ),
                migrations.AddConstraint(
                    model_name="stockmovement",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("order_line_id__isnull", False),
                            models.Q(("kind", "revaluation"), _negated=True),
                        ),
                        fields=("order_line_id", "variant", "kind", "lot_id", "original", "document_id"),
                        name="pos_stockmovement_once_per_line",
                        nulls_distinct=False,
                    ),
                ),
            ],
        ),
    ]
