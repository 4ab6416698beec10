"""Refunds and what they took back."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Filled by its step."""

    dependencies: ClassVar = [("pos", "0019_order_lifecycle")]
    operations: ClassVar = []
