"""The chart of accounts is the merchant's own."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Filled by its step."""

    dependencies: ClassVar = [("payments", "0002_rounding")]
    operations: ClassVar = []
