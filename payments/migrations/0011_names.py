"""Tables of payments are called on pages what their menu calls them. Names only; the tables stay as they are."""

from typing import ClassVar

from django.db import migrations


def _named(model: str, one: str, many: str, ordering: list[str]) -> migrations.AlterModelOptions:
    options = {"ordering": ordering, "verbose_name": one, "verbose_name_plural": many}
    return migrations.AlterModelOptions(name=model, options=options)


class Migration(migrations.Migration):
    """State only."""

    dependencies: ClassVar = [("payments", "0010_signatures")]
    operations: ClassVar = [
        _named("attempt", "payment asked for", "payments asked for", ["id"]),
        _named("gatewayrefund", "refund going back", "refunds going back", ["id"]),
        _named("connection", "account at a provider", "accounts at providers", ["gateway", "name"]),
        _named("reader", "card reader", "card readers", ["name"]),
        _named("tendertype", "way to pay", "ways to pay", ["code"]),
    ]
