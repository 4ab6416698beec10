"""The chart of accounts is the merchant's own, and a transfer says what was booked in words that stay."""

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Columns with defaults the database knows, and a wider rule about the two sides of a transfer."""

    dependencies: ClassVar = [("payments", "0002_rounding")]
    operations: ClassVar = [
        migrations.AddField(
            "account", "number", models.CharField(blank=True, db_default="", default="", max_length=20)
        ),
        migrations.AddField(
            "account",
            "posting_keys",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField("account", "is_active", models.BooleanField(db_default=True, default=True)),
        migrations.AddField(
            "transfer", "debit_key", models.CharField(db_default="", default="", max_length=80)
        ),
        migrations.AddField(
            "transfer", "credit_key", models.CharField(db_default="", default="", max_length=80)
        ),
        migrations.AddField("transfer", "register_id", models.UUIDField(null=True)),
        migrations.RemoveConstraint("transfer", "payments_transfer_two_accounts"),
        migrations.AddConstraint(
            "transfer",
            models.CheckConstraint(
                condition=~Q(debit=F("credit")) | ~Q(debit_key=F("credit_key")),
                name="payments_transfer_two_accounts",
            ),
        ),
    ]
