"""Receipts."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Filled by its step."""

    dependencies: ClassVar = [("pos", "0022_journal")]
    operations: ClassVar = []
