"""Gift cards and store credit: accounts, their activities, what is reserved of them, and imports."""

from typing import ClassVar

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q

import fynlo.core.ids
from fynlo.core.history import append_only

_ID = models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)
_KINDS = ("gift_card", "store_credit")
_STATES = ("pending", "active", "blocked", "closed")
_ACTIVITIES = (
    "activate",
    "load",
    "redeem",
    "clear_balance",
    "deactivate",
    "adjust_increment",
    "adjust_decrement",
    "refund",
    "unlinked_activity_refund",
    "import",
    "block",
    "unblock",
    "import_reversal",
    "transfer_from",
    "transfer_to",
)
_RESERVATION_STATES = ("open", "released", "expired")
_TENDER_KINDS = ("cash", "card", "voucher", "other", "house_account", "exchange", *_KINDS)


def _same(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _to(model: str, related_name: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=f"payments.{model}",
    )


class Migration(migrations.Migration):
    """Additive; going back, ways to pay and payments of the new kinds stay as they are."""

    dependencies: ClassVar = [("payments", "0006_paid_by_rounding")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ValueImport",
            fields=[
                ("id", _ID.clone()),
                ("name", models.CharField(max_length=120)),
                ("digest", models.CharField(max_length=64)),
                ("rows_count", models.IntegerField()),
                ("total_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("imported_by", models.UUIDField(null=True)),
                ("imported_at", models.DateTimeField()),
                ("reversed_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ["-imported_at"]},
        ),
        migrations.CreateModel(
            name="StoredValue",
            fields=[
                ("id", _ID.clone()),
                ("kind", models.CharField(choices=_same(_KINDS), max_length=20)),
                ("code_digest", models.CharField(max_length=64, unique=True)),
                ("shown", models.CharField(max_length=4)),
                ("is_own_code", models.BooleanField(default=True)),
                ("pin_hash", models.CharField(blank=True, default="", max_length=200)),
                ("state", models.CharField(choices=_same(_STATES), max_length=20)),
                ("currency", models.CharField(max_length=3)),
                ("balance_minor", models.BigIntegerField(default=0)),
                ("reserved_minor", models.BigIntegerField(default=0)),
                ("overdrawn_minor", models.BigIntegerField(default=0)),
                ("holder", models.CharField(blank=True, default="", max_length=120)),
                ("expires_on", models.DateField(null=True)),
                ("created_at", models.DateTimeField()),
                ("pin_failures", models.IntegerField(default=0)),
                ("pin_tried_at", models.DateTimeField(null=True)),
                ("pin_blocked_until", models.DateTimeField(null=True)),
                ("value_import", _to("valueimport", "values", null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=Q(("state", "active")),
                        fields=["expires_on"],
                        name="payments_storedvalue_expiry",
                    ),
                    models.Index(
                        condition=Q(("value_import__isnull", False)),
                        fields=["value_import"],
                        name="payments_storedvalue_import",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("kind__in", _KINDS)), name="payments_storedvalue_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", _STATES)), name="payments_storedvalue_state_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("balance_minor__gte", 0),
                            ("overdrawn_minor__gte", 0),
                            ("reserved_minor__gte", 0),
                            ("reserved_minor__lte", F("balance_minor")),
                        ),
                        name="payments_storedvalue_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("overdrawn_minor", 0), ("balance_minor", F("reserved_minor")), _connector="OR"
                        ),
                        name="payments_storedvalue_overdrawn_last",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ValueActivity",
            fields=[
                ("id", _ID.clone()),
                ("kind", models.CharField(choices=_same(_ACTIVITIES), max_length=30)),
                ("amount_minor", models.BigIntegerField()),
                ("balance_minor", models.BigIntegerField()),
                ("reserved_minor", models.BigIntegerField()),
                ("overdrawn_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("cause", models.CharField(max_length=20)),
                ("cause_id", models.UUIDField()),
                ("order_id", models.UUIDField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("register_id", models.UUIDField(null=True)),
                ("employee_id", models.UUIDField(null=True)),
                ("employee_name", models.CharField(blank=True, default="", max_length=120)),
                ("approver_id", models.UUIDField(null=True)),
                ("approver_name", models.CharField(blank=True, default="", max_length=120)),
                ("at", models.DateTimeField()),
                ("business_date", models.DateField()),
                ("account", _to("storedvalue", "activities")),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["account", "id"], name="payments_valueactivity_account")],
                "constraints": [
                    models.UniqueConstraint(fields=("cause_id", "kind"), name="payments_valueactivity_once"),
                    models.CheckConstraint(
                        condition=Q(("kind__in", _ACTIVITIES)), name="payments_valueactivity_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ValueReservation",
            fields=[
                ("id", _ID.clone()),
                ("register_id", models.UUIDField()),
                ("amount_minor", models.BigIntegerField()),
                ("left_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("state", models.CharField(choices=_same(_RESERVATION_STATES), max_length=20)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("employee_id", models.UUIDField(null=True)),
                ("account", _to("storedvalue", "reservations")),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=Q(("state", "open")), fields=["expires_at"], name="payments_valuereserve_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("state", "open")),
                        fields=("account", "register_id"),
                        name="payments_valuereserve_open",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("amount_minor__gt", 0),
                            ("left_minor__gte", 0),
                            ("left_minor__lte", F("amount_minor")),
                        ),
                        name="payments_valuereserve_amounts",
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", _RESERVATION_STATES)),
                        name="payments_valuereserve_state_known",
                    ),
                ],
            },
        ),
        append_only("payments_valueactivity"),
        migrations.RunSQL(
            "ALTER TABLE payments_tendertype DROP CONSTRAINT payments_tendertype_kind_known",
            reverse_sql="ALTER TABLE payments_tendertype ADD CONSTRAINT payments_tendertype_kind_known "
            "CHECK (kind IN ('cash', 'card', 'voucher', 'other', 'house_account', 'exchange')) NOT VALID",
            state_operations=[
                migrations.RemoveConstraint(model_name="tendertype", name="payments_tendertype_kind_known")
            ],
        ),
        migrations.AlterField(
            model_name="tendertype",
            name="kind",
            field=models.CharField(choices=_same(_TENDER_KINDS), max_length=20),
        ),
        migrations.AddConstraint(
            model_name="tendertype",
            constraint=models.CheckConstraint(
                condition=Q(("kind__in", _TENDER_KINDS)), name="payments_tendertype_kind_known"
            ),
        ),
        migrations.AddField(
            model_name="payment", name="stored_value", field=_to("storedvalue", "+", null=True)
        ),
        migrations.AddField(
            model_name="refund", name="stored_value", field=_to("storedvalue", "+", null=True)
        ),
        migrations.RunSQL(
            "ALTER TABLE payments_payment DROP CONSTRAINT payments_payment_for",
            reverse_sql="ALTER TABLE payments_payment ADD CONSTRAINT payments_payment_for "
            "CHECK (order_id IS NOT NULL OR house_account_id IS NOT NULL) NOT VALID",
            state_operations=[
                migrations.RemoveConstraint(model_name="payment", name="payments_payment_for")
            ],
        ),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("order_id__isnull", False),
                    ("house_account__isnull", False),
                    ("stored_value__isnull", False),
                    _connector="OR",
                ),
                name="payments_payment_for",
            ),
        ),
    ]
