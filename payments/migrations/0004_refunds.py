"""Money that goes back, and house accounts."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Filled by its step."""

    dependencies: ClassVar = [("payments", "0003_chart")]
    operations: ClassVar = []
