"""The journal of each register."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Filled by its step."""

    dependencies: ClassVar = [("pos", "0021_drawers_and_closings")]
    operations: ClassVar = []
