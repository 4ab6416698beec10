"""Gift cards are called on pages what their menu calls them. Names only; the tables stay as they are."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """State only."""

    dependencies: ClassVar = [("payments", "0012_ids_used_once")]
    operations: ClassVar = [
        migrations.AlterModelOptions(
            name="storedvalue",
            options={
                "ordering": ["-id"],
                "verbose_name": "gift card or credit",
                "verbose_name_plural": "gift cards and credit",
            },
        ),
        migrations.AlterModelOptions(
            name="valueimport",
            options={
                "ordering": ["-imported_at"],
                "verbose_name": "gift card import",
                "verbose_name_plural": "gift card imports",
            },
        ),
    ]
