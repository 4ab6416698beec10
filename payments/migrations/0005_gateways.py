"""Accounts at payment gateways, readers, attempts and what goes back of them."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import fynlo.core.ids
from fynlo.core.history import append_only


class Migration(migrations.Migration):
    """Additive."""

    dependencies: ClassVar = [
        ('payments', '0004_refunds'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='Connection',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('gateway', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('account', models.CharField(blank=True, default='', max_length=100)),
                ('is_live', models.BooleanField(default=False)),
                ('is_active', models.BooleanField(default=True)),
                ('state', models.CharField(default='active', max_length=20)),
                ('settings', models.JSONField(default=dict)),
                ('sealed_secrets', models.TextField(blank=True, default='')),
                ('capabilities', models.JSONField(default=dict)),
                ('health', models.JSONField(default=dict)),
                ('checked_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['gateway', 'name'],
                'constraints': [models.UniqueConstraint(fields=('gateway', 'account'), name='payments_connection_account'), models.CheckConstraint(condition=models.Q(('state__in', ('active', 'restricted', 'disconnected'))), name='payments_connection_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Reader',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('vendor_id', models.CharField(max_length=100)),
                ('name', models.CharField(max_length=80)),
                ('model', models.CharField(blank=True, default='', max_length=60)),
                ('register_id', models.UUIDField(null=True)),
                ('state', models.CharField(default='unknown', max_length=20)),
                ('action', models.JSONField(default=dict)),
                ('details', models.JSONField(default=dict)),
                ('is_active', models.BooleanField(default=True)),
                ('seen_at', models.DateTimeField(null=True)),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='readers', to='payments.connection')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('order_id', models.UUIDField(null=True)),
                ('purpose', models.CharField(default='order', max_length=20)),
                ('tender_type', models.CharField(max_length=20)),
                ('channel', models.CharField(max_length=10)),
                ('reference', models.CharField(max_length=60)),
                ('state', models.CharField(default='prepared', max_length=12)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('tip_minor', models.BigIntegerField(default=0)),
                ('authorised_minor', models.BigIntegerField(default=0)),
                ('captured_minor', models.BigIntegerField(default=0)),
                ('refunded_minor', models.BigIntegerField(default=0)),
                ('application_fee_minor', models.BigIntegerField(default=0)),
                ('capture', models.CharField(default='automatic', max_length=10)),
                ('vendor_id', models.CharField(blank=True, default='', max_length=120)),
                ('next', models.JSONField(default=dict)),
                ('card', models.JSONField(default=dict)),
                ('details', models.JSONField(default=dict)),
                ('failure_kind', models.CharField(blank=True, default='', max_length=20)),
                ('failure_code', models.CharField(blank=True, default='', max_length=80)),
                ('failure_text', models.CharField(blank=True, default='', max_length=300)),
                ('capture_before', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('next_look_at', models.DateTimeField(null=True)),
                ('looks', models.PositiveIntegerField(default=0)),
                ('settled_at', models.DateTimeField(null=True)),
                ('trouble', models.CharField(blank=True, default='', max_length=300)),
                ('register_id', models.UUIDField(null=True)),
                ('employee_id', models.UUIDField(null=True)),
                ('employee_name', models.CharField(blank=True, default='', max_length=120)),
                ('device_id', models.UUIDField(null=True)),
                ('overridden_at', models.DateTimeField(null=True)),
                ('overridden_by', models.CharField(blank=True, default='', max_length=120)),
                ('override_reason', models.CharField(blank=True, default='', max_length=200)),
                ('token_hash', models.CharField(max_length=64, null=True)),
                ('at', models.DateTimeField()),
                ('captured_at', models.DateTimeField(null=True)),
                ('business_date', models.DateField()),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='payments.connection')),
                ('reader', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='payments.reader')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='AttemptStep',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('what', models.CharField(max_length=10)),
                ('verb', models.CharField(max_length=12)),
                ('key', models.CharField(blank=True, default='', max_length=255)),
                ('state', models.CharField(max_length=12)),
                ('detail', models.JSONField(default=dict)),
                ('by', models.CharField(blank=True, default='', max_length=120)),
                ('at', models.DateTimeField()),
                ('attempt', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='payments.attempt')),
            ],
            options={
                'ordering': ['attempt', 'number'],
                'constraints': [models.UniqueConstraint(fields=('attempt', 'number'), name='payments_attemptstep_number'), models.CheckConstraint(condition=models.Q(('what__in', ('sent', 'answered', 'noticed'))), name='payments_attemptstep_what_known')],
            },
        ),
        migrations.CreateModel(
            name='GatewayRefund',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('part_id', models.UUIDField(null=True)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('state', models.CharField(default='prepared', max_length=12)),
                ('number', models.PositiveIntegerField(default=1)),
                ('key', models.CharField(max_length=255)),
                ('vendor_id', models.CharField(blank=True, default='', max_length=120)),
                ('reason', models.CharField(blank=True, default='', max_length=200)),
                ('failure_code', models.CharField(blank=True, default='', max_length=80)),
                ('failure_text', models.CharField(blank=True, default='', max_length=300)),
                ('looks', models.PositiveIntegerField(default=0)),
                ('next_look_at', models.DateTimeField(null=True)),
                ('settled_by', models.CharField(blank=True, default='', max_length=120)),
                ('at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('business_date', models.DateField()),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.attempt')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('next_look_at__isnull', False)), fields=['next_look_at'], name='payments_gatewayrefund_look')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('part_id__isnull', False)), fields=('part_id',), name='payments_gatewayrefund_part'), models.CheckConstraint(condition=models.Q(('state__in', ('prepared', 'pending', 'succeeded', 'failed', 'unknown', 'settled'))), name='payments_gatewayrefund_state_known'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='payments_gatewayrefund_positive')],
            },
        ),
        migrations.AddConstraint(
            model_name='reader',
            constraint=models.UniqueConstraint(fields=('connection', 'vendor_id'), name='payments_reader_vendor'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(fields=['order_id'], name='payments_attempt_order'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('next_look_at__isnull', False)), fields=['next_look_at'], name='payments_attempt_look'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(fields=['connection', 'captured_at'], name='payments_attempt_captured'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('vendor_id', ''), _negated=True), fields=('connection', 'vendor_id'), name='payments_attempt_vendor'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('order_id__isnull', False), ('overridden_at__isnull', True), ('state__in', ('prepared', 'presented', 'unknown'))), fields=('order_id', 'amount_minor'), name='payments_attempt_one_open'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('token_hash__isnull', False)), fields=('token_hash',), name='payments_attempt_token'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('prepared', 'presented', 'authorised', 'captured', 'declined', 'cancelled', 'expired', 'refused', 'unknown'))), name='payments_attempt_state_known'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0), ('authorised_minor__gte', 0), ('tip_minor__gte', 0)), name='payments_attempt_positive'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('refunded_minor__gte', 0), ('refunded_minor__lte', models.F('captured_minor'))), name='payments_attempt_refunded_at_most'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'captured'), _negated=True), ('captured_minor__gt', 0), _connector='OR'), name='payments_attempt_captured_something'),
        ),
        migrations.AddField(
            model_name='payment',
            name='foreign_currency',
            field=models.CharField(blank=True, db_default='', default='', max_length=3),
        ),
        migrations.AddField(
            model_name='payment',
            name='foreign_minor',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='payment',
            name='foreign_rate',
            field=models.DecimalField(decimal_places=8, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='tendertype',
            name='channel',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='tendertype',
            name='connection',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.connection'),
        ),
        migrations.AddField(
            model_name='tendertype',
            name='foreign_currency',
            field=models.CharField(blank=True, db_default='', default='', max_length=3),
        ),
        migrations.AddField(
            model_name='tendertype',
            name='foreign_rate',
            field=models.DecimalField(decimal_places=8, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='tendertype',
            name='is_partial',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='tendertype',
            name='largest_minor',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='tendertype',
            name='needs_reference',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='tendertype',
            name='over',
            field=models.CharField(db_default='refuse', default='refuse', max_length=10),
        ),
        migrations.AddField(
            model_name='tendertype',
            name='smallest_minor',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='tendertype',
            constraint=models.CheckConstraint(condition=models.Q(('over__in', ('refuse', 'tip'))), name='payments_tendertype_over_known'),
        ),
        migrations.AddConstraint(
            model_name='tendertype',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('foreign_currency', ''), ('foreign_rate__isnull', True)), models.Q(models.Q(('foreign_currency', ''), _negated=True), ('foreign_rate__gt', 0)), _connector='OR'), name='payments_tendertype_foreign_rate'),
        ),
    
        append_only("payments_attemptstep"),
    ]
