"""Counting, and goods on their way."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0011_lots_and_alerts"),
    ]

    operations: list[migrations.operations.base.Operation] = []
