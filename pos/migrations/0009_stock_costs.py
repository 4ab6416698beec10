"""Costs of stock: where settling stands."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0008_stock_ledger"),
    ]

    operations: list[migrations.operations.base.Operation] = []
