"""An order lives on after it was placed: tickets, changes, voids."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Filled by its step."""

    dependencies: ClassVar = [("pos", "0018_register_counters")]
    operations: ClassVar = []
