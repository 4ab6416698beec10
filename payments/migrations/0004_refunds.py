"""Ways to pay of every kind, house accounts, and money that goes back."""

from typing import ClassVar

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q

import fynlo.core.ids
from fynlo.core.history import append_only

_ID = models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)
_LAST4 = Q(card_last4__regex="^([0-9]{4})?$")


class Migration(migrations.Migration):
    """Additive; going back, ways to pay of the new kinds stay as they are."""

    dependencies: ClassVar = [("payments", "0003_chart")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="HouseAccount",
            fields=[
                ("id", _ID.clone()),
                ("code", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("contact", models.CharField(blank=True, default="", max_length=200)),
                ("limit_minor", models.BigIntegerField(null=True)),
                ("balance_minor", models.BigIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("limit_minor__isnull", True), ("limit_minor__gte", 0), _connector="OR"),
                        name="payments_houseaccount_limit_not_negative",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE payments_tendertype DROP CONSTRAINT payments_tendertype_kind_known",
            reverse_sql="ALTER TABLE payments_tendertype ADD CONSTRAINT payments_tendertype_kind_known "
            "CHECK (kind IN ('cash')) NOT VALID",
            state_operations=[
                migrations.RemoveConstraint(model_name="tendertype", name="payments_tendertype_kind_known")
            ],
        ),
        migrations.AlterField(
            model_name="tendertype",
            name="kind",
            field=models.CharField(
                choices=[
                    (kind, kind) for kind in ("cash", "card", "voucher", "other", "house_account", "exchange")
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="tendertype",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=("cash", "card", "voucher", "other", "house_account", "exchange")),
                name="payments_tendertype_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="card_last4",
            field=models.CharField(blank=True, db_default="", default="", max_length=4),
        ),
        migrations.AddField(
            model_name="payment",
            name="reference",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="payment",
            name="house_account",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.houseaccount",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE payments_payment ALTER COLUMN order_id DROP NOT NULL",
            # Going back, payments of no order stay; the old rule is for new ones.
            reverse_sql=migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    model_name="payment",
                    name="order_id",
                    field=models.UUIDField(db_index=True, null=True),
                )
            ],
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=Q(("house_account__isnull", False)),
                fields=["house_account", "id"],
                name="payments_payment_house",
            ),
        ),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=Q(("order_id__isnull", False), ("house_account__isnull", False), _connector="OR"),
                name="payments_payment_for",
            ),
        ),
        # What is there has none, so there is nothing to look at.
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(condition=_LAST4, name="payments_payment_last4"),
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", _ID.clone()),
                ("refund_id", models.UUIDField(db_index=True)),
                ("amount_minor", models.BigIntegerField()),
                ("rounding_minor", models.BigIntegerField(default=0)),
                ("refunded_before_minor", models.BigIntegerField(default=0)),
                ("payment_amount_minor", models.BigIntegerField()),
                ("card_last4", models.CharField(blank=True, default="", max_length=4)),
                ("reference", models.CharField(blank=True, default="", max_length=80)),
                ("currency", models.CharField(max_length=3)),
                ("register_id", models.UUIDField(null=True)),
                ("employee_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("business_date", models.DateField()),
                (
                    "house_account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.houseaccount",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="payments.payment",
                    ),
                ),
                (
                    "tender_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="payments.tendertype",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=Q(("house_account__isnull", False)),
                        fields=["house_account", "id"],
                        name="payments_refund_house",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("payment", "refunded_before_minor"), name="payments_refund_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("amount_minor__gt", 0),
                            ("refunded_before_minor__gte", 0),
                            ("refunded_before_minor__lte", F("payment_amount_minor") - F("amount_minor")),
                        ),
                        name="payments_refund_at_most",
                    ),
                    models.CheckConstraint(
                        condition=Q(("rounding_minor__lte", F("amount_minor"))), name="payments_refund_gives"
                    ),
                    models.CheckConstraint(condition=_LAST4, name="payments_refund_last4"),
                ],
            },
        ),
        append_only("payments_refund"),
    ]
