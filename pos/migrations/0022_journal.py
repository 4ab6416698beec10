"""The journal of each register: a table that is only added to, dense per register."""

import django.db.models.deletion
import fynlo.core.ids
from django.db import migrations, models

from fynlo.core.history import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('pos', '0021_drawers_and_closings'),
    ]

    operations = [
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('register_code', models.CharField(max_length=20)),
                ('position', models.BigIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('number', models.CharField(blank=True, default='', max_length=60)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('business_date', models.DateField()),
                ('recipe', models.PositiveSmallIntegerField()),
                ('body', models.TextField()),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('register', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='journal_entries', to='pos.register')),
            ],
            options={
                'ordering': ['register', 'position'],
            },
        ),
        migrations.AddIndex(
            model_name='journalentry',
            index=models.Index(condition=models.Q(('kind__in', ('reprint', 'checkpoint', 'system', 'signed', 'void', 'cancel', 'drawer_opened', 'late', 'training'))), fields=['register', 'kind', 'position'], name='pos_journalentry_rare'),
        ),
        migrations.AddConstraint(
            model_name='journalentry',
            constraint=models.UniqueConstraint(fields=('register', 'position'), name='pos_journalentry_position'),
        ),
        migrations.AddConstraint(
            model_name='journalentry',
            constraint=models.CheckConstraint(condition=models.Q(('position__gt', 0)), name='pos_journalentry_position_positive'),
        ),
        migrations.AddConstraint(
            model_name='journalentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('sale', 'void', 'refund', 'cancel', 'reprint', 'drawer_opened', 'cash_moved', 'session_opened', 'closing', 'late', 'training', 'checkpoint', 'system', 'signed'))), name='pos_journalentry_kind_known'),
        ),
        migrations.AddField(
            model_name='cataloghead',
            name='sealed_keys',
            field=models.JSONField(db_default={}, default=dict, editable=False),
        ),
        append_only('pos_journalentry'),
    ]
