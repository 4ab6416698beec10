"""What is promised to somebody."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0013_purchasing"),
    ]

    operations: list[migrations.operations.base.Operation] = []
