"""Suppliers and what is ordered from them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0012_counts_and_transfers"),
    ]

    operations: list[migrations.operations.base.Operation] = []
