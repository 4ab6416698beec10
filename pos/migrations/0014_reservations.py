"""What is promised to somebody, and what came back from orders."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import fynlo.core.ids
from fynlo.core.history import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0013_purchasing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reservation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("state", models.CharField(default="active", max_length=10)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.UUIDField(null=True)),
                ("made_by_name", models.CharField(blank=True, default="", max_length=120)),
                ("expires_at", models.DateTimeField()),
                ("order_id", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_id", models.UUIDField(null=True)),
                ("ended_by_name", models.CharField(blank=True, default="", max_length=120)),
                ("digest", models.CharField(max_length=64)),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pos.location",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ReservationLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("held", models.DecimalField(decimal_places=6, max_digits=18)),
                (
                    "reservation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="pos.reservation",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pos.variant",
                    ),
                ),
            ],
            options={
                "ordering": ["reservation", "position"],
            },
        ),
        migrations.CreateModel(
            name="StockReturn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("order_id", models.UUIDField(db_index=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("employee_id", models.UUIDField(null=True)),
                ("employee_name", models.CharField(blank=True, default="", max_length=120)),
                ("at", models.DateTimeField()),
                ("business_date", models.DateField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pos.location",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="StockReturnLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("order_line_id", models.UUIDField()),
                ("line_quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("returned_before", models.DecimalField(decimal_places=6, max_digits=18)),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("wasted", models.DecimalField(decimal_places=6, max_digits=18)),
                ("lot_id", models.UUIDField(null=True)),
                (
                    "stock_return",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="pos.stockreturn",
                    ),
                ),
            ],
            options={
                "ordering": ["stock_return", "position"],
            },
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("state", "active")), fields=["expires_at"], name="pos_reservation_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("parked", "online", "special_order")),
                    ("state__in", ("active", "consumed", "released", "expired")),
                ),
                name="pos_reservation_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("order_id__isnull", True), ("state", "active")),
                    models.Q(("ended_at__isnull", False), ("order_id__isnull", False), ("state", "consumed")),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("order_id__isnull", True),
                        ("state__in", ("released", "expired")),
                    ),
                    _connector="OR",
                ),
                name="pos_reservation_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservationline",
            constraint=models.UniqueConstraint(
                fields=("reservation", "variant"), name="pos_reservationline_variant"
            ),
        ),
        migrations.AddConstraint(
            model_name="reservationline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held__gte", 0),
                    ("quantity__gte", 0),
                    models.Q(("quantity__gt", 0), ("held__gt", 0), _connector="OR"),
                ),
                name="pos_reservationline_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockreturnline",
            constraint=models.UniqueConstraint(
                fields=("order_line_id", "returned_before"), name="pos_stockreturnline_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="stockreturnline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quantity__gt", 0),
                    ("returned_before__gte", 0),
                    (
                        "returned_before__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("line_quantity"), "-", models.F("quantity")
                        ),
                    ),
                    ("wasted__gte", 0),
                    ("wasted__lte", models.F("quantity")),
                ),
                name="pos_stockreturnline_at_most",
            ),
        ),
        append_only("pos_stockreturn", "pos_stockreturnline"),
    ]
