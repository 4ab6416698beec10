"""Stock from files."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0014_reservations"),
    ]

    operations: list[migrations.operations.base.Operation] = []
