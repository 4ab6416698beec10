"""Lots, serials, and what somebody should look at."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0010_recipes"),
    ]

    operations: list[migrations.operations.base.Operation] = []
