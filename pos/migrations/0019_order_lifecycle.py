"""An order lives on after it was placed: tickets, changes, voids, and the receipt's own number."""

from decimal import Decimal

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models.functions import Coalesce

import fynlo.core.ids
from fynlo.core.history import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0018_register_counters"),
    ]

    operations = [
        # Going back, orders of this release stay as they are: the old rules are for new ones.
        migrations.RunSQL(
            "ALTER TABLE pos_order DROP CONSTRAINT pos_order_fulfilment_known",
            reverse_sql="ALTER TABLE pos_order ADD CONSTRAINT pos_order_fulfilment_known "
            "CHECK (fulfilment_state IN ('placed', 'completed')) NOT VALID",
            state_operations=[
                migrations.RemoveConstraint(model_name="order", name="pos_order_fulfilment_known")
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE pos_order DROP CONSTRAINT pos_order_payment_known",
            reverse_sql="ALTER TABLE pos_order ADD CONSTRAINT pos_order_payment_known "
            "CHECK (payment_state IN ('unpaid', 'part_paid', 'paid')) NOT VALID",
            state_operations=[
                migrations.RemoveConstraint(model_name="order", name="pos_order_payment_known")
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE pos_order DROP CONSTRAINT pos_order_paid_range",
            reverse_sql="ALTER TABLE pos_order ADD CONSTRAINT pos_order_paid_range "
            "CHECK (paid_minor >= 0 AND paid_minor <= total_minor + tip_minor) NOT VALID",
            state_operations=[migrations.RemoveConstraint(model_name="order", name="pos_order_paid_range")],
        ),
        migrations.CreateModel(
            name="OrderChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.IntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("line_id", models.UUIDField(null=True)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("device_id", models.UUIDField(null=True)),
                ("employee_id", models.UUIDField(null=True)),
                ("employee_name", models.CharField(blank=True, default="", max_length=120)),
                ("approver_id", models.UUIDField(null=True)),
                ("approver_name", models.CharField(blank=True, default="", max_length=120)),
                ("at", models.DateTimeField()),
                ("business_date", models.DateField()),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="pos.order",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "revision"],
            },
        ),
        migrations.AddConstraint(
            model_name="orderchange",
            constraint=models.UniqueConstraint(fields=("order", "revision"), name="pos_orderchange_revision"),
        ),
        migrations.AddConstraint(
            model_name="orderchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "add",
                            "adjust",
                            "void",
                            "override",
                            "discount",
                            "charges",
                            "coupons",
                            "customer",
                            "covers",
                            "order_type",
                            "note",
                            "name",
                            "owner",
                            "open",
                            "place",
                            "prepare",
                            "ready",
                            "serve",
                            "complete",
                            "cancel",
                            "pay",
                            "refund",
                        ),
                    )
                ),
                name="pos_orderchange_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="cancel_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="order",
            name="cancelled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="customer",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="order",
            name="draft",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="edited_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="edited_by_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="edited_by_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="order",
            name="edited_on_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="internal_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="order",
            name="kitchen_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="order",
            name="name",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="order",
            name="opened_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="receipt_number",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="receipt_register",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pos.register",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="refunded_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="order",
            name="revision",
            field=models.IntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="orderline",
            name="internal_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="orderline",
            name="kitchen_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="orderline",
            name="void_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="orderline",
            name="withdrawn_quantity",
            field=models.DecimalField(
                db_default=Decimal(0), decimal_places=6, default=Decimal(0), max_digits=18
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="voided_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("fulfilment_state__in", ("completed", "cancelled")), _negated=True),
                fields=["location", "id"],
                name="pos_order_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                Coalesce("receipt_register", "register"),
                "receipt_number",
                condition=models.Q(("receipt_number__isnull", False)),
                name="pos_order_receipt_number",
            ),
        ),
        # As in 0003: whoever went back and comes again has lost its tips.
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paid_minor__gte", 0),
                    (
                        "paid_minor__lte",
                        models.F("total_minor") + models.F("tip_minor") + models.F("refunded_minor"),
                    ),
                ),
                name="pos_order_paid_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("refunded_minor__gte", 0), ("refunded_minor__lte", models.F("paid_minor"))
                ),
                name="pos_order_refunded_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "fulfilment_state__in",
                        ("draft", "placed", "cancelled", "preparing", "ready", "served", "completed"),
                    )
                ),
                name="pos_order_fulfilment_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("payment_state__in", ("unpaid", "part_paid", "paid", "refunded", "part_refunded"))
                ),
                name="pos_order_payment_known",
            ),
        ),
        append_only("pos_orderchange"),
    ]
