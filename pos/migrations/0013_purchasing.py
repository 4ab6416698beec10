"""Suppliers, what is ordered from them, what came and went back, and what it cost beyond its price."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import fynlo.core.ids
from fynlo.core.history import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0012_counts_and_transfers"),
    ]

    operations = [
        migrations.CreateModel(
            name="GoodsReceipt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=20)),
                ("currency", models.CharField(max_length=3)),
                ("delivery_note", models.CharField(blank=True, default="", max_length=60)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("at", models.DateTimeField()),
                ("business_date", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("employee_id", models.UUIDField(null=True)),
                ("by_name", models.CharField(blank=True, default="", max_length=120)),
                ("approved_by_id", models.UUIDField(null=True)),
                ("fingerprint", models.CharField(max_length=64)),
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
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="GoodsReceiptLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("description", models.CharField(max_length=300)),
                ("stated_quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("stated_unit", models.CharField(max_length=20)),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("unit", models.CharField(max_length=20)),
                (
                    "rejected_quantity",
                    models.DecimalField(decimal_places=6, default=Decimal(0), max_digits=18),
                ),
                ("reject_reason", models.CharField(blank=True, default="", max_length=200)),
                ("value_minor", models.DecimalField(decimal_places=15, max_digits=40, null=True)),
                ("lots", models.JSONField(default=list)),
                (
                    "receipt",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="pos.goodsreceipt",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt_lines",
                        to="pos.variant",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="LandedCost",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("basis", models.CharField(max_length=10)),
                ("amount_minor", models.DecimalField(decimal_places=15, max_digits=40)),
                ("currency", models.CharField(max_length=3)),
                ("reference", models.CharField(blank=True, default="", max_length=60)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("at", models.DateTimeField()),
                ("employee_id", models.UUIDField(null=True)),
                ("by_name", models.CharField(blank=True, default="", max_length=120)),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="pos.landedcost",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="LandedCostShare",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("movement_id", models.UUIDField()),
                ("basis_quantity", models.DecimalField(decimal_places=15, max_digits=40, null=True)),
                ("share_minor", models.DecimalField(decimal_places=15, max_digits=40)),
                (
                    "landed_cost",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="pos.landedcost",
                    ),
                ),
                (
                    "receipt_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="landed_shares",
                        to="pos.goodsreceiptline",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="PurchaseOrder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=20)),
                ("state", models.CharField(default="draft", max_length=20)),
                ("currency", models.CharField(max_length=3)),
                ("expected_on", models.DateField(blank=True, null=True)),
                ("supplier_reference", models.CharField(blank=True, default="", max_length=60)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
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
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PurchaseEmail",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("state", models.CharField(default="queued", max_length=10)),
                ("recipient", models.EmailField(max_length=254)),
                ("copies", models.JSONField(default=list)),
                ("text", models.CharField(blank=True, default="", max_length=2000)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("queued_at", models.DateTimeField()),
                ("queued_by_id", models.UUIDField(null=True)),
                ("by_name", models.CharField(blank=True, default="", max_length=120)),
                ("due_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="emails",
                        to="pos.purchaseorder",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="goodsreceipt",
            name="order",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="pos.purchaseorder",
            ),
        ),
        migrations.CreateModel(
            name="PurchaseOrderLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("description", models.CharField(max_length=300)),
                ("sku", models.CharField(blank=True, default="", max_length=64)),
                ("supplier_code", models.CharField(blank=True, default="", max_length=60)),
                ("pack_name", models.CharField(blank=True, default="", max_length=40)),
                ("packs", models.DecimalField(decimal_places=6, max_digits=18)),
                ("pack_size", models.DecimalField(decimal_places=6, max_digits=18)),
                ("pack_unit", models.CharField(max_length=20)),
                ("pack_price_minor", models.DecimalField(decimal_places=9, max_digits=30, null=True)),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("unit", models.CharField(max_length=20)),
                ("confirmed_quantity", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ("confirmed_on", models.DateField(null=True)),
                (
                    "received_quantity",
                    models.DecimalField(decimal_places=6, default=Decimal(0), max_digits=18),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="pos.purchaseorder",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_lines",
                        to="pos.variant",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddField(
            model_name="goodsreceiptline",
            name="order_line",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipt_lines",
                to="pos.purchaseorderline",
            ),
        ),
        migrations.CreateModel(
            name="PurchaseOrderStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("step", models.CharField(max_length=20)),
                ("state", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("employee_id", models.UUIDField(null=True)),
                ("by_name", models.CharField(blank=True, default="", max_length=120)),
                ("detail", models.CharField(blank=True, default="", max_length=500)),
                ("document_id", models.UUIDField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="pos.purchaseorder",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Supplier",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("contact", models.CharField(blank=True, default="", max_length=120)),
                ("email", models.EmailField(blank=True, default="", max_length=254)),
                ("phone", models.CharField(blank=True, default="", max_length=40)),
                (
                    "address",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), blank=True, default=list, size=None
                    ),
                ),
                ("tax_number", models.CharField(blank=True, default="", max_length=40)),
                ("account_number", models.CharField(blank=True, default="", max_length=60)),
                ("currency", models.CharField(max_length=3)),
                ("lead_time_days", models.PositiveIntegerField(blank=True, null=True)),
                ("minimum_order_minor", models.BigIntegerField(blank=True, null=True)),
                ("payment_terms", models.CharField(blank=True, default="", max_length=120)),
                ("language", models.CharField(default="en", max_length=35)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Upper("code"), name="pos_supplier_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_order_minor__isnull", True),
                            ("minimum_order_minor__gte", 0),
                            _connector="OR",
                        ),
                        name="pos_supplier_minimum_not_negative",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="supplier",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="pos.supplier",
            ),
        ),
        migrations.AddField(
            model_name="goodsreceipt",
            name="supplier",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="pos.supplier",
            ),
        ),
        migrations.CreateModel(
            name="SupplierItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("supplier_code", models.CharField(blank=True, default="", max_length=60)),
                ("pack_name", models.CharField(blank=True, default="", max_length=40)),
                ("pack_size", models.DecimalField(decimal_places=6, default=Decimal(1), max_digits=18)),
                ("pack_unit", models.CharField(max_length=20)),
                (
                    "pack_price_minor",
                    models.DecimalField(blank=True, decimal_places=9, max_digits=30, null=True),
                ),
                ("minimum_packs", models.DecimalField(decimal_places=6, default=Decimal(1), max_digits=18)),
                ("price_breaks", models.JSONField(blank=True, default=list)),
                ("is_preferred", models.BooleanField(default=False)),
                (
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="pos.supplier",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supplier_items",
                        to="pos.variant",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SupplierReturn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=20)),
                ("currency", models.CharField(max_length=3)),
                ("reference", models.CharField(blank=True, default="", max_length=60)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("at", models.DateTimeField()),
                ("business_date", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("employee_id", models.UUIDField(null=True)),
                ("by_name", models.CharField(blank=True, default="", max_length=120)),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pos.location",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="pos.supplier",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SupplierReturnLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("description", models.CharField(max_length=300)),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("unit", models.CharField(max_length=20)),
                ("value_minor", models.DecimalField(decimal_places=15, max_digits=40, null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "receipt_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="pos.goodsreceiptline",
                    ),
                ),
                (
                    "supplier_return",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="pos.supplierreturn",
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
                "ordering": ["position"],
            },
        ),
        migrations.AddConstraint(
            model_name="landedcost",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor", 0), _negated=True), name="pos_landedcost_not_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="landedcost",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis__in", ("value", "weight", "quantity", "stated"))),
                name="pos_landedcost_basis_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="landedcostshare",
            constraint=models.UniqueConstraint(
                fields=("landed_cost", "position"), name="pos_landedcostshare_place"
            ),
        ),
        migrations.AddIndex(
            model_name="purchaseemail",
            index=models.Index(
                condition=models.Q(("state", "queued")), fields=["due_at"], name="pos_purchaseemail_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseemail",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("queued", "sent", "failed"))),
                name="pos_purchaseemail_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.UniqueConstraint(
                fields=("order", "position"), name="pos_purchaseorderline_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pack_size__gt", 0),
                    ("packs__gt", 0),
                    ("quantity__gt", 0),
                    ("received_quantity__gte", 0),
                    models.Q(
                        ("pack_price_minor__isnull", True), ("pack_price_minor__gte", 0), _connector="OR"
                    ),
                    models.Q(
                        ("confirmed_quantity__isnull", True), ("confirmed_quantity__gte", 0), _connector="OR"
                    ),
                ),
                name="pos_purchaseorderline_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsreceiptline",
            constraint=models.UniqueConstraint(
                fields=("receipt", "position"), name="pos_goodsreceiptline_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsreceiptline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quantity__gte", 0),
                    ("rejected_quantity__gte", 0),
                    ("stated_quantity__gte", 0),
                    models.Q(("quantity__gt", 0), ("rejected_quantity__gt", 0), _connector="OR"),
                    models.Q(("value_minor__isnull", True), ("value_minor__gte", 0), _connector="OR"),
                ),
                name="pos_goodsreceiptline_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.UniqueConstraint(fields=("number",), name="pos_purchaseorder_number"),
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("draft", "sent", "cancelled", "confirmed", "partly_received", "received"))
                ),
                name="pos_purchaseorder_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsreceipt",
            constraint=models.UniqueConstraint(fields=("number",), name="pos_goodsreceipt_number"),
        ),
        migrations.AddConstraint(
            model_name="supplieritem",
            constraint=models.UniqueConstraint(
                fields=("variant", "supplier", "supplier_code"), name="pos_supplieritem_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplieritem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_preferred", True)),
                fields=("variant",),
                name="pos_supplieritem_one_preferred",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplieritem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minimum_packs__gte", 0),
                    ("pack_size__gt", 0),
                    models.Q(
                        ("pack_price_minor__isnull", True), ("pack_price_minor__gte", 0), _connector="OR"
                    ),
                ),
                name="pos_supplieritem_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierreturn",
            constraint=models.UniqueConstraint(fields=("number",), name="pos_supplierreturn_number"),
        ),
        migrations.AddConstraint(
            model_name="supplierreturnline",
            constraint=models.UniqueConstraint(
                fields=("supplier_return", "position"), name="pos_supplierreturnline_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierreturnline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="pos_supplierreturnline_moves"
            ),
        ),
        append_only(
            "pos_goodsreceipt",
            "pos_goodsreceiptline",
            "pos_landedcost",
            "pos_landedcostshare",
            "pos_purchaseorderstep",
            "pos_supplierreturn",
            "pos_supplierreturnline",
        ),
    ]
