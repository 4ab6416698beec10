"""Drawers apart from registers, closings in numbers."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Filled by its step."""

    dependencies: ClassVar = [("pos", "0020_refunds")]
    operations: ClassVar = []
