"""Foreign notes that were given back, and the rate they went at."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns with defaults of the database's: the release before writes refunds without them."""

    dependencies: ClassVar = [("payments", "0013_gift_card_names")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="refund",
            name="foreign_currency",
            field=models.CharField(blank=True, db_default="", default="", max_length=3),
        ),
        migrations.AddField(
            model_name="refund", name="foreign_minor", field=models.BigIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="refund",
            name="foreign_rate",
            field=models.DecimalField(decimal_places=8, max_digits=18, null=True),
        ),
    ]
