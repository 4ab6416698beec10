"""What is due in coins that nobody has is paid with nothing: a payment of rounding alone."""

from typing import ClassVar

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A check that allows more than the one before it, so there is nothing to look at."""

    dependencies: ClassVar = [("payments", "0005_gateways")]
    operations: ClassVar = [
        migrations.RunSQL(
            "ALTER TABLE payments_payment DROP CONSTRAINT payments_payment_not_negative",
            # Going back, payments of nothing stay; the old rule is for new ones.
            reverse_sql="ALTER TABLE payments_payment ADD CONSTRAINT payments_payment_not_negative "
            "CHECK (amount_minor >= 0 AND change_minor >= 0 AND tendered_minor > 0) NOT VALID",
            state_operations=[
                migrations.RemoveConstraint(model_name="payment", name="payments_payment_not_negative")
            ],
        ),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=Q(("tendered_minor__gt", 0), ("rounding_minor__gt", 0), _connector="OR")
                & Q(tendered_minor__gte=0, amount_minor__gte=0, change_minor__gte=0),
                name="payments_payment_not_negative",
            ),
        ),
    ]
