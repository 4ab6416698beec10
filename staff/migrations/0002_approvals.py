"""Approvals, and limits of roles."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import fynlo.core.ids

_ACTIONS = [
    ("refund", "Refund"),
    ("receiptless", "Refund without a receipt"),
    ("void", "Void a line"),
    ("cancel", "Cancel an order"),
    ("discount", "Discount by hand"),
    ("override", "Price by hand"),
    ("paid_out", "Take money out of a drawer"),
    ("variance", "Close a drawer that is over or short"),
]


class Migration(migrations.Migration):
    """One table and one column."""

    dependencies: ClassVar = [("staff", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField("role", "limits", models.JSONField(blank=True, db_default={}, default=dict)),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("action", models.CharField(choices=_ACTIONS, max_length=20)),
                ("subject_id", models.UUIDField()),
                ("amount_minor", models.BigIntegerField(default=0)),
                ("percent", models.PositiveSmallIntegerField(default=0)),
                ("device_id", models.UUIDField()),
                ("given_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("used_by", models.UUIDField(blank=True, null=True)),
                (
                    "approver",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.AddConstraint(
            "approval",
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="staff_approval_amount"),
        ),
    ]
