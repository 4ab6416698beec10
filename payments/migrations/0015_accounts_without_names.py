"""Several accounts of a provider may have no name there, as long as each is told by a key of its own."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

# Before, a second account without a name could not be there: going back, each is called by its own id.
_NAMED = "UPDATE payments_connection SET account = id::text WHERE account = '' AND sealed_secrets <> ''"


class Migration(migrations.Migration):
    """A rule that allows more than before, so the release before works with it."""

    dependencies: ClassVar = [("payments", "0014_foreign_refunds")]
    operations: ClassVar = [
        migrations.RemoveConstraint("connection", "payments_connection_account"),
        migrations.RunSQL(migrations.RunSQL.noop, _NAMED),
        migrations.AddConstraint(
            "connection",
            models.UniqueConstraint(
                condition=~Q(account="") | Q(sealed_secrets=""),
                fields=("gateway", "account"),
                name="payments_connection_account",
            ),
        ),
    ]
