"""Recipes: what a dish is made of."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0009_stock_costs"),
    ]

    operations: list[migrations.operations.base.Operation] = []
