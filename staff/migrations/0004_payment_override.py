"""Approvals of another payment while the outcome of one is unknown."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Names of actions only; no table changes."""

    dependencies: ClassVar = [("staff", "0003_approval_actions")]
    operations: ClassVar = [
        migrations.AlterField(
            model_name="approval",
            name="action",
            field=models.CharField(
                choices=[
                    ("refund", "Refund"),
                    ("receiptless", "Refund without a receipt"),
                    ("void", "Void a line"),
                    ("cancel", "Cancel an order"),
                    ("discount", "Discount by hand"),
                    ("override", "Price by hand"),
                    ("gift_card", "Give value away on a gift card, or correct it"),
                    ("payment_override", "Another payment while the outcome of one is unknown"),
                    ("paid_out", "Take money out of a drawer"),
                    ("variance", "Close a drawer that is over or short"),
                ],
                max_length=20,
            ),
        ),
    ]
