"""Files of levels are applied and taken back in batches; each file knows how far it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0015_stock_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="stockfile",
            name="done",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="stockfile",
            name="total",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="stockfile",
            name="position",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="stockfile",
            name="worked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="stockfile",
            name="worked_by",
            field=models.JSONField(null=True),
        ),
        migrations.AddIndex(
            model_name="stockfilerow",
            index=models.Index(
                condition=models.Q(("variant_id__isnull", False)),
                fields=["file", "location_id", "variant_id", "line"],
                name="pos_stockfilerow_batch",
            ),
        ),
    ]
