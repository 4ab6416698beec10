"""Finding things in old versions of the price book: where a variant was, and whose house rules hold."""

from django.db import migrations, models

import fynlo.core.ids
from fynlo.core.history import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0003_orders_on_price_books"),
    ]

    operations = [
        migrations.AddField(
            model_name="pricebookversion",
            name="rules_id",
            field=models.UUIDField(null=True),
        ),
        migrations.CreateModel(
            name="VariantMove",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.BigIntegerField()),
                ("variant_id", models.UUIDField()),
                ("item_id", models.UUIDField()),
            ],
            options={
                "ordering": ["revision", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="variantmove",
            constraint=models.UniqueConstraint(fields=("variant_id", "revision"), name="pos_variantmove_once"),
        ),
        append_only("pos_variantmove"),
    ]
