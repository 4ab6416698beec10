"""Cost of goods in the books."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Filled by its step."""

    dependencies: ClassVar = [("pos", "0024_sale_path")]
    operations: ClassVar = []
