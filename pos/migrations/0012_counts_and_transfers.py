"""Counting, and goods on their way. Going back, documents are dropped; what they moved stays in the ledger."""

from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
import fynlo.core.ids
from django.db import migrations, models

from fynlo.core.history import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0011_lots_and_alerts"),
    ]

    operations = [
        migrations.CreateModel(
            name='StockNumber',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20, unique=True)),
                ('last', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='StockCount',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(unique=True)),
                ('kind', models.CharField(max_length=10)),
                ('state', models.CharField(default='draft', max_length=20)),
                ('name', models.CharField(blank=True, default='', max_length=120)),
                ('scope', models.JSONField(blank=True, default=dict)),
                ('is_blind', models.BooleanField(default=False)),
                ('selling_zone', models.CharField(blank=True, default='', max_length=40)),
                ('uncounted', models.CharField(default='leave', max_length=10)),
                ('variance_value_minor', models.DecimalField(decimal_places=15, max_digits=40, null=True)),
                ('opened_at', models.DateTimeField()),
                ('opened_by_id', models.UUIDField(null=True)),
                ('opened_by_name', models.CharField(default='', max_length=120)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('submitted_by_id', models.UUIDField(null=True)),
                ('submitted_by_name', models.CharField(default='', max_length=120)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by_id', models.UUIDField(null=True)),
                ('ended_by_name', models.CharField(default='', max_length=120)),
                ('reason', models.CharField(blank=True, default='', max_length=200)),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.location')),
            ],
            options={
                'ordering': ['-opened_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='StockCountLine',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('lot_id', models.UUIDField(null=True)),
                ('is_found', models.BooleanField(default=False)),
                ('pass_number', models.PositiveSmallIntegerField(default=1)),
                ('pass_started_at', models.DateTimeField(null=True)),
                ('counted', models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ('counted_at', models.DateTimeField(null=True)),
                ('expected', models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ('unit_cost_minor', models.DecimalField(decimal_places=9, max_digits=30, null=True)),
                ('count', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='pos.stockcount')),
                ('variant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.variant')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StockCountEntry',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('pass_number', models.PositiveSmallIntegerField(default=1)),
                ('zone', models.CharField(blank=True, default='', max_length=40)),
                ('quantity', models.DecimalField(decimal_places=6, max_digits=18)),
                ('entered_quantity', models.DecimalField(decimal_places=6, max_digits=18)),
                ('entered_unit', models.CharField(max_length=20)),
                ('code', models.CharField(blank=True, default='', max_length=400)),
                ('counted_at', models.DateTimeField()),
                ('counted_by_id', models.UUIDField(null=True)),
                ('counted_by_name', models.CharField(default='', max_length=120)),
                ('device_id', models.UUIDField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='pos.stockcount')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='pos.stockcountline')),
                ('voids', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voided_by', to='pos.stockcountentry')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StockTransfer',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(unique=True)),
                ('state', models.CharField(default='draft', max_length=20)),
                ('note', models.CharField(blank=True, default='', max_length=200)),
                ('receipt_count', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('created_by_id', models.UUIDField(null=True)),
                ('created_by_name', models.CharField(default='', max_length=120)),
                ('sent_at', models.DateTimeField(null=True)),
                ('sent_by_id', models.UUIDField(null=True)),
                ('sent_by_name', models.CharField(default='', max_length=120)),
                ('received_at', models.DateTimeField(null=True)),
                ('received_by_id', models.UUIDField(null=True)),
                ('received_by_name', models.CharField(default='', max_length=120)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by_id', models.UUIDField(null=True)),
                ('ended_by_name', models.CharField(default='', max_length=120)),
                ('reason', models.CharField(blank=True, default='', max_length=200)),
                ('from_location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.location')),
                ('to_location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.location')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='StockTransferLine',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('lot_id', models.UUIDField(null=True)),
                ('quantity', models.DecimalField(decimal_places=6, max_digits=18)),
                ('entered_quantity', models.DecimalField(decimal_places=6, max_digits=18)),
                ('entered_unit', models.CharField(max_length=20)),
                ('movement_id', models.UUIDField(null=True)),
                ('received', models.DecimalField(decimal_places=6, default=Decimal('0'), max_digits=18)),
                ('wasted', models.DecimalField(decimal_places=6, default=Decimal('0'), max_digits=18)),
                ('returned', models.DecimalField(decimal_places=6, default=Decimal('0'), max_digits=18)),
                ('transfer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='pos.stocktransfer')),
                ('variant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.variant')),
            ],
            options={
                'ordering': ['transfer', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='StockTransferArrival',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('receipt_id', models.UUIDField()),
                ('quantity', models.DecimalField(decimal_places=6, max_digits=18)),
                ('reason', models.CharField(blank=True, default='', max_length=10)),
                ('outcome', models.CharField(default='keep', max_length=10)),
                ('note', models.CharField(blank=True, default='', max_length=200)),
                ('at', models.DateTimeField()),
                ('employee_id', models.UUIDField(null=True)),
                ('employee_name', models.CharField(default='', max_length=120)),
                ('transfer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='arrivals', to='pos.stocktransfer')),
                ('line', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.stocktransferline')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='stockcount',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('full', 'cycle', 'spot', 'blind')), ('state__in', ('draft', 'counting', 'cancelled', 'submitted', 'closed')), ('uncounted__in', ('leave', 'zero'))), name='pos_stockcount_known'),
        ),
        migrations.AddConstraint(
            model_name='stockcount',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'counting')), ('ended_at__isnull', False), models.Q(('state', 'submitted'), ('submitted_at__isnull', False)), _connector='OR'), name='pos_stockcount_state_dated'),
        ),
        migrations.AddConstraint(
            model_name='stockcountentry',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 0), models.Q(('voids__isnull', True), ('quantity', 0), _connector='OR')), name='pos_stockcountentry_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='stockcountline',
            constraint=models.UniqueConstraint(fields=('count', 'variant', 'lot_id'), name='pos_stockcountline_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='stocktransfer',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'sent', 'cancelled', 'partly_received', 'received', 'rejected'))), name='pos_stocktransfer_state_known'),
        ),
        migrations.AddConstraint(
            model_name='stocktransfer',
            constraint=models.CheckConstraint(condition=models.Q(('from_location', models.F('to_location')), _negated=True), name='pos_stocktransfer_not_to_itself'),
        ),
        migrations.AddConstraint(
            model_name='stocktransfer',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'cancelled')), ('sent_at__isnull', False), _connector='OR'), name='pos_stocktransfer_sent_dated'),
        ),
        migrations.AddConstraint(
            model_name='stocktransferline',
            constraint=models.UniqueConstraint(fields=('transfer', 'position'), name='pos_stocktransferline_position'),
        ),
        migrations.AddConstraint(
            model_name='stocktransferline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0), ('received__gte', 0), ('returned__gte', 0), ('wasted__gte', 0)), name='pos_stocktransferline_not_negative'),
        ),
        migrations.AddIndex(
            model_name='stocktransferarrival',
            index=models.Index(fields=['transfer'], name='pos_stocktransferarrival_of'),
        ),
        migrations.AddConstraint(
            model_name='stocktransferarrival',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ('waste', 'return', 'keep')), ('quantity__gt', 0), ('reason__in', ('', 'short', 'damaged', 'rejected', 'excess'))), name='pos_stocktransferarrival_known'),
        ),
        append_only("pos_stockcountentry", "pos_stocktransferarrival"),
    ]
