"""Cost of goods in the books: no table changes.

What a level becomes worth more or less is booked by whoever moves it (`pos.inventory.services.stock_books`). Stock
that is older than that is booked once by the nightly audit, in transactions of its own and not in a migration.
"""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Marks the release from which on stock is booked."""

    dependencies: ClassVar = [("pos", "0024_sale_path")]
    operations: ClassVar = []
