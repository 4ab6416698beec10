"""Bells of vendors, and what their listings are compared with."""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.expressions
import fynlo.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    """Additive."""

    dependencies: ClassVar = [
        ('payments', '0008_simulator'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='MachineTotal',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('register_id', models.UUIDField()),
                ('business_date', models.DateField()),
                ('tender_type', models.CharField(max_length=20)),
                ('total_minor', models.BigIntegerField()),
                ('fee_minor', models.BigIntegerField(null=True)),
                ('currency', models.CharField(max_length=3)),
                ('entered_by', models.CharField(max_length=120)),
                ('entered_at', models.DateTimeField()),
                ('posted_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-business_date', 'tender_type'],
                'constraints': [models.UniqueConstraint(fields=('register_id', 'business_date', 'tender_type'), name='payments_machinetotal_once'), models.CheckConstraint(condition=models.Q(('fee_minor__isnull', True), ('fee_minor__gte', 0), _connector='OR'), name='payments_machinetotal_fee')],
            },
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('vendor_id', models.CharField(max_length=120)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('state', models.CharField(max_length=20)),
                ('arrives_on', models.DateField()),
                ('vendor_at', models.DateTimeField()),
                ('is_traced', models.BooleanField(default=True)),
                ('gross_minor', models.BigIntegerField(default=0)),
                ('fee_minor', models.BigIntegerField(default=0)),
                ('net_minor', models.BigIntegerField(default=0)),
                ('unexplained_minor', models.BigIntegerField(default=0)),
                ('line_count', models.PositiveIntegerField(default=0)),
                ('seen_run', models.UUIDField()),
                ('listed_run', models.UUIDField(null=True)),
                ('posted_at', models.DateTimeField(null=True)),
                ('returned_at', models.DateTimeField(null=True)),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.connection')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Difference',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('subject', models.CharField(max_length=160)),
                ('attempt_id', models.UUIDField(null=True)),
                ('subject_id', models.UUIDField(null=True)),
                ('ours', models.CharField(blank=True, default='', max_length=120)),
                ('theirs', models.CharField(blank=True, default='', max_length=120)),
                ('ours_minor', models.BigIntegerField(null=True)),
                ('theirs_minor', models.BigIntegerField(null=True)),
                ('currency', models.CharField(max_length=3)),
                ('state', models.CharField(default='open', max_length=8)),
                ('action', models.CharField(blank=True, default='', max_length=20)),
                ('reason', models.CharField(blank=True, default='', max_length=300)),
                ('resolved_by', models.CharField(blank=True, default='', max_length=120)),
                ('found_at', models.DateTimeField()),
                ('found_run', models.UUIDField(null=True)),
                ('seen_run', models.UUIDField(null=True)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('connection', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.connection')),
                ('payout', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='payments.payout')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(default='running', max_length=10)),
                ('step', models.CharField(default='listing', max_length=10)),
                ('reason', models.CharField(max_length=20)),
                ('asked_by', models.CharField(blank=True, default='', max_length=120)),
                ('since', models.DateTimeField()),
                ('claim', models.UUIDField(null=True)),
                ('cursor', models.JSONField(default=dict)),
                ('counts', models.JSONField(default=dict)),
                ('trouble', models.CharField(blank=True, default='', max_length=300)),
                ('started_at', models.DateTimeField()),
                ('touched_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.connection')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SettlementLine',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('vendor_id', models.CharField(max_length=120)),
                ('category', models.CharField(max_length=60)),
                ('about', models.CharField(max_length=12)),
                ('source', models.CharField(blank=True, default='', max_length=120)),
                ('payment', models.CharField(blank=True, default='', max_length=120)),
                ('gross_minor', models.BigIntegerField()),
                ('fee_minor', models.BigIntegerField()),
                ('net_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('at', models.DateTimeField()),
                ('state', models.CharField(default='new', max_length=8)),
                ('attempt_id', models.UUIDField(null=True)),
                ('subject_id', models.UUIDField(null=True)),
                ('key', models.CharField(blank=True, default='', max_length=40)),
                ('booked_as', models.CharField(blank=True, default='', max_length=40)),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.connection')),
                ('payout', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payments.payout')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('vendor_id', models.CharField(max_length=120)),
                ('payment', models.CharField(blank=True, default='', max_length=120)),
                ('attempt_id', models.UUIDField(null=True)),
                ('order_id', models.UUIDField(null=True)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('reason', models.CharField(blank=True, default='', max_length=60)),
                ('state', models.CharField(max_length=16)),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('evidence', models.JSONField(default=dict)),
                ('submit_key', models.CharField(blank=True, default='', max_length=255)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('submitted_by', models.CharField(blank=True, default='', max_length=120)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField()),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.connection')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('connection', 'vendor_id'), name='payments_dispute_vendor'), models.CheckConstraint(condition=models.Q(('state__in', ('needs_response', 'under_review', 'won', 'lost', 'closed'))), name='payments_dispute_state_known'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='payments_dispute_positive')],
            },
        ),
        migrations.CreateModel(
            name='InboundEvent',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('event_id', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=120)),
                ('account', models.CharField(blank=True, default='', max_length=100)),
                ('payload', models.JSONField(default=dict)),
                ('state', models.CharField(default='stored', max_length=10)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('trouble', models.CharField(blank=True, default='', max_length=300)),
                ('vendor_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('handled_at', models.DateTimeField(null=True)),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.connection')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('next_try_at__isnull', False)), fields=['next_try_at'], name='payments_inboundevent_due')],
                'constraints': [models.UniqueConstraint(fields=('connection', 'event_id'), name='payments_inboundevent_once'), models.CheckConstraint(condition=models.Q(('state__in', ('stored', 'handled', 'ignored', 'parked'))), name='payments_inboundevent_state_known')],
            },
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.UniqueConstraint(fields=('connection', 'vendor_id'), name='payments_payout_vendor'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('gross_minor', django.db.models.expressions.CombinedExpression(models.F('net_minor'), '+', models.F('fee_minor')))), name='payments_payout_adds_up'),
        ),
        migrations.AddIndex(
            model_name='difference',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['connection', 'id'], name='payments_difference_open'),
        ),
        migrations.AddConstraint(
            model_name='difference',
            constraint=models.UniqueConstraint(fields=('connection', 'kind', 'subject'), name='payments_difference_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='difference',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('open', 'resolved'))), name='payments_difference_state_known'),
        ),
        migrations.AddConstraint(
            model_name='reconciliation',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('connection',), name='payments_reconciliation_one_running'),
        ),
        migrations.AddConstraint(
            model_name='reconciliation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('running', 'done', 'failed'))), name='payments_reconciliation_state_known'),
        ),
        migrations.AddConstraint(
            model_name='reconciliation',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ('listing', 'matching', 'comparing', 'posting', 'closing'))), name='payments_reconciliation_step_known'),
        ),
        migrations.AddIndex(
            model_name='settlementline',
            index=models.Index(condition=models.Q(('payment', ''), _negated=True), fields=['connection', 'payment'], name='payments_settlementline_pay'),
        ),
        migrations.AddIndex(
            model_name='settlementline',
            index=models.Index(condition=models.Q(('state', 'matched'), _negated=True), fields=['connection', 'state', 'id'], name='payments_settlementline_todo'),
        ),
        migrations.AddConstraint(
            model_name='settlementline',
            constraint=models.UniqueConstraint(fields=('connection', 'vendor_id'), name='payments_settlementline_vendor'),
        ),
        migrations.AddConstraint(
            model_name='settlementline',
            constraint=models.CheckConstraint(condition=models.Q(('gross_minor', django.db.models.expressions.CombinedExpression(models.F('net_minor'), '+', models.F('fee_minor')))), name='payments_settlementline_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='settlementline',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('new', 'matched', 'listed'))), name='payments_settlementline_state_known'),
        ),
    ]
