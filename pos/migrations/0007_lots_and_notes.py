"""What the scanned code said of the very piece sold, and notes for the guest or the kitchen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0006_sales_of_removed_items"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="note",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="orderline",
            name="lot",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="orderline",
            name="note",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="orderline",
            name="serial",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="orderline",
            name="use_by",
            field=models.DateField(null=True),
        ),
    ]
