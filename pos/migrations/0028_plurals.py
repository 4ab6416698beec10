"""More than one entry is entries, and more than one tax is taxes. Names on pages; the tables stay as they are."""

from typing import ClassVar

from django.db import migrations


def _named(model: str, plural: str, ordering: list[str]) -> migrations.AlterModelOptions:
    return migrations.AlterModelOptions(
        name=model, options={"ordering": ordering, "verbose_name_plural": plural}
    )


class Migration(migrations.Migration):
    """State only."""

    dependencies: ClassVar = [("pos", "0027_tender_rules")]
    operations: ClassVar = [
        _named("bookentry", "book entries", ["revision", "id"]),
        _named("journalentry", "journal entries", ["register", "position"]),
        _named("ordertax", "order taxes", ["order", "tax_class_code"]),
        _named("pricelistentry", "price list entries", ["price_list", "id"]),
        _named("stockcountentry", "stock count entries", ["id"]),
    ]
