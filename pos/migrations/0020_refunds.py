"""Refunds and what they took back."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import fynlo.core.ids
from fynlo.core.history import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('pos', '0019_order_lifecycle'),
    ]

    operations = [
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.IntegerField(default=0)),
                ('kind', models.CharField(max_length=10)),
                ('number', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('net_minor', models.BigIntegerField()),
                ('tax_minor', models.BigIntegerField()),
                ('total_minor', models.BigIntegerField()),
                ('tip_minor', models.BigIntegerField(default=0)),
                ('amount_minor', models.BigIntegerField()),
                ('rounding_minor', models.BigIntegerField(default=0)),
                ('goodwill_minor', models.BigIntegerField(default=0)),
                ('refunded_before_minor', models.BigIntegerField(default=0)),
                ('paid_minor', models.BigIntegerField()),
                ('taxes', models.JSONField(default=list)),
                ('charges', models.JSONField(null=True)),
                ('exchange_order_id', models.UUIDField(null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=200)),
                ('device_id', models.UUIDField(null=True)),
                ('employee_id', models.UUIDField(null=True)),
                ('employee_name', models.CharField(blank=True, default='', max_length=120)),
                ('approver_id', models.UUIDField(null=True)),
                ('approver_name', models.CharField(blank=True, default='', max_length=120)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('business_date', models.DateField()),
                ('flags', models.JSONField(default=list)),
                ('digest', models.CharField(max_length=64)),
                ('document', models.TextField()),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.location')),
                ('order', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='pos.order')),
                ('register', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.register')),
                ('session', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.cashsession')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='RefundLine',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('variant_id', models.UUIDField()),
                ('line_quantity', models.DecimalField(decimal_places=6, max_digits=18)),
                ('quantity_before', models.DecimalField(decimal_places=6, max_digits=18)),
                ('quantity', models.DecimalField(decimal_places=6, max_digits=18)),
                ('line_total_minor', models.BigIntegerField()),
                ('total_before_minor', models.BigIntegerField()),
                ('net_minor', models.BigIntegerField()),
                ('tax_minor', models.BigIntegerField()),
                ('total_minor', models.BigIntegerField()),
                ('nets', models.JSONField(default=list)),
                ('taxes', models.JSONField(default=list)),
                ('goods', models.CharField(default='none', max_length=10)),
                ('order_line', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='pos.orderline')),
                ('refund', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='pos.refund')),
            ],
            options={
                'ordering': ['refund', 'position'],
            },
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(fields=('register', 'number'), name='pos_refund_number'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(fields=('order', 'position'), name='pos_refund_once'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gte', 0), ('refunded_before_minor__gte', 0), ('refunded_before_minor__lte', django.db.models.expressions.CombinedExpression(models.F('paid_minor'), '-', models.F('amount_minor')))), name='pos_refund_at_most'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('total_minor', django.db.models.expressions.CombinedExpression(models.F('net_minor'), '+', models.F('tax_minor'))), models.Q(models.Q(('kind', 'deposit'), ('tip_minor', 0), ('total_minor', 0)), models.Q(models.Q(('kind', 'deposit'), _negated=True), ('amount_minor', django.db.models.expressions.CombinedExpression(models.F('total_minor'), '+', models.F('tip_minor')))), _connector='OR')), name='pos_refund_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('goodwill_minor__gte', 0), ('goodwill_minor__lte', models.F('total_minor')), ('rounding_minor__lte', models.F('amount_minor')), ('tip_minor__gte', 0), ('total_minor__gte', 0)), name='pos_refund_parts'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('lines', 'amount', 'deposit', 'loose', 'exchange'))), name='pos_refund_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'loose'), ('order__isnull', True)), models.Q(models.Q(('kind', 'loose'), _negated=True), ('order__isnull', False)), _connector='OR'), name='pos_refund_of'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.UniqueConstraint(fields=('order_line', 'quantity_before', 'total_before_minor'), name='pos_refundline_once'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 0), ('quantity_before__gte', 0), ('quantity_before__lte', django.db.models.expressions.CombinedExpression(models.F('line_quantity'), '-', models.F('quantity')))), name='pos_refundline_quantity'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.CheckConstraint(condition=models.Q(('total_before_minor__gte', 0), ('total_before_minor__lte', django.db.models.expressions.CombinedExpression(models.F('line_total_minor'), '-', models.F('total_minor'))), ('total_minor__gte', 0)), name='pos_refundline_money'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.CheckConstraint(condition=models.Q(('total_minor', django.db.models.expressions.CombinedExpression(models.F('net_minor'), '+', models.F('tax_minor')))), name='pos_refundline_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.CheckConstraint(condition=models.Q(('goods__in', ('restock', 'waste', 'none'))), name='pos_refundline_goods_known'),
        ),
        append_only('pos_refund', 'pos_refundline'),
    ]
