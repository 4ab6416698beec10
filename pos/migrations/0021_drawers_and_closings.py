"""Drawers apart from registers: sessions in four states, more kinds of cash movements, closings in numbers."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

import fynlo.core.ids
from fynlo.core.history import append_only

KINDS = (
    'float', 'sale', 'change', 'refund', 'paid_in', 'paid_out', 'drop', 'pickup', 'tip_out', 'no_sale', 'correction',
)


class Migration(migrations.Migration):
    """Each register gets a drawer of its own id, so that whoever knows only registers finds the same rows."""

    dependencies = [
        ('pos', '0020_refunds'),
    ]

    operations = [
        migrations.CreateModel(
            name='Drawer',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('is_active', models.BooleanField(default=True)),
                ('is_shared', models.BooleanField(db_default=False, default=False)),
                ('last_session_number', models.BigIntegerField(db_default=0, default=0)),
                ('last_slip_number', models.BigIntegerField(db_default=0, default=0)),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='drawers', to='pos.location')),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.RunSQL(
            'INSERT INTO pos_drawer (id, location_id, code, name, is_active, last_session_number) '
            'SELECT id, location_id, code, name, is_active, last_session_number FROM pos_register',
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name='location',
            name='opening_hours',
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='location',
            name='tax_address',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='location',
            name='tax_number',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='register',
            name='is_training',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='register',
            name='drawer',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='registers', to='pos.drawer'),
        ),
        migrations.RunSQL(
            'UPDATE pos_register SET drawer_id = id',
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name='cashsession',
            name='drawer',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='pos.drawer'),
        ),
        migrations.RunSQL(
            'UPDATE pos_cashsession SET drawer_id = register_id',
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name='cashsession',
            name='approver_id',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='cashsession',
            name='approver_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=120),
        ),
        migrations.AddField(
            model_name='cashsession',
            name='closing_began_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='cashsession',
            name='counts',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='cashsession',
            name='declared_float_minor',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='cashsession',
            name='flags',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='cashsession',
            name='opening_denominations',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='cashsession',
            name='responsible_id',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='cashsession',
            name='responsible_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=120),
        ),
        # What replaces a narrower rule comes back unchecked, so that the way back is open with rows of the new kinds.
        migrations.RunSQL(
            'ALTER TABLE pos_cashsession DROP CONSTRAINT pos_cashsession_number',
            reverse_sql='ALTER TABLE pos_cashsession ADD CONSTRAINT pos_cashsession_number '
            'UNIQUE (register_id, number, id)',
            state_operations=[
                migrations.RemoveConstraint(model_name='cashsession', name='pos_cashsession_number'),
            ],
        ),
        migrations.AddConstraint(
            model_name='cashsession',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('drawer', 'register'), models.F('number'), name='pos_cashsession_number'),
        ),
        migrations.RunSQL(
            'DROP INDEX pos_cashsession_one_open',
            reverse_sql="CREATE UNIQUE INDEX pos_cashsession_one_open ON pos_cashsession (register_id) "
            "WHERE state = 'open'",
            state_operations=[
                migrations.RemoveConstraint(model_name='cashsession', name='pos_cashsession_one_open'),
            ],
        ),
        migrations.AddConstraint(
            model_name='cashsession',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('drawer', 'register'), condition=models.Q(('state', 'closed'), _negated=True), name='pos_cashsession_one_open'),
        ),
        migrations.RunSQL(
            'ALTER TABLE pos_cashsession DROP CONSTRAINT pos_cashsession_state_known',
            reverse_sql='ALTER TABLE pos_cashsession ADD CONSTRAINT pos_cashsession_state_known '
            "CHECK (state IN ('open', 'closed')) NOT VALID",
            state_operations=[
                migrations.RemoveConstraint(model_name='cashsession', name='pos_cashsession_state_known'),
            ],
        ),
        migrations.AddConstraint(
            model_name='cashsession',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('opening_control', 'open', 'closing_control', 'closed'))), name='pos_cashsession_state_known'),
        ),
        migrations.RunSQL(
            'ALTER TABLE pos_cashsession DROP CONSTRAINT pos_cashsession_closed_counted',
            reverse_sql='ALTER TABLE pos_cashsession ADD CONSTRAINT pos_cashsession_closed_counted '
            "CHECK (state = 'open' OR (closed_at IS NOT NULL AND counted_minor IS NOT NULL "
            'AND variance_minor IS NOT NULL)) NOT VALID',
            state_operations=[
                migrations.RemoveConstraint(model_name='cashsession', name='pos_cashsession_closed_counted'),
            ],
        ),
        migrations.AddConstraint(
            model_name='cashsession',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('closed_at__isnull', False), ('counted_minor__isnull', False), ('variance_minor__isnull', False)), _connector='OR'), name='pos_cashsession_closed_counted'),
        ),
        migrations.AddField(
            model_name='cashmovement',
            name='approver_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='cashmovement',
            name='approver_name',
            field=models.CharField(db_default='', default='', max_length=120),
        ),
        migrations.AddField(
            model_name='cashmovement',
            name='drawer_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='cashmovement',
            name='employee_name',
            field=models.CharField(db_default='', default='', max_length=120),
        ),
        migrations.AddField(
            model_name='cashmovement',
            name='flags',
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='cashmovement',
            name='note',
            field=models.CharField(db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='cashmovement',
            name='reason_code',
            field=models.CharField(db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='cashmovement',
            name='refund_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='cashmovement',
            name='slip_number',
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunSQL(
            'ALTER TABLE pos_cashmovement DROP CONSTRAINT pos_cashmovement_not_zero',
            reverse_sql='ALTER TABLE pos_cashmovement ADD CONSTRAINT pos_cashmovement_not_zero '
            'CHECK (NOT (amount_minor = 0)) NOT VALID',
            state_operations=[
                migrations.RemoveConstraint(model_name='cashmovement', name='pos_cashmovement_not_zero'),
            ],
        ),
        migrations.AddConstraint(
            model_name='cashmovement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_minor', 0), ('kind', 'no_sale')), models.Q(models.Q(('kind', 'no_sale'), _negated=True), models.Q(('amount_minor', 0), _negated=True)), _connector='OR'), name='pos_cashmovement_not_zero'),
        ),
        migrations.RunSQL(
            'ALTER TABLE pos_cashmovement DROP CONSTRAINT pos_cashmovement_kind_known',
            reverse_sql='ALTER TABLE pos_cashmovement ADD CONSTRAINT pos_cashmovement_kind_known '
            "CHECK (kind IN ('float', 'sale', 'change')) NOT VALID",
            state_operations=[
                migrations.RemoveConstraint(model_name='cashmovement', name='pos_cashmovement_kind_known'),
            ],
        ),
        migrations.AddConstraint(
            model_name='cashmovement',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', KINDS)), name='pos_cashmovement_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='cashmovement',
            constraint=models.UniqueConstraint(condition=models.Q(('slip_number__isnull', False)), fields=('drawer_id', 'slip_number'), name='pos_cashmovement_slip'),
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField()),
                ('late_number', models.BigIntegerField(null=True)),
                ('from_position', models.BigIntegerField()),
                ('to_position', models.BigIntegerField()),
                ('document', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('grand_total_minor', models.BigIntegerField()),
                ('refund_total_minor', models.BigIntegerField()),
                ('employee_id', models.UUIDField(null=True)),
                ('employee_name', models.CharField(db_default='', default='', max_length=120)),
                ('at', models.DateTimeField()),
                ('business_date', models.DateField()),
                ('closing', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='late_entries', to='pos.closing')),
                ('register', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='pos.register')),
                ('session', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='pos.cashsession')),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.UniqueConstraint(fields=('register', 'number', 'late_number'), name='pos_closing_number', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closing__isnull', True), ('late_number__isnull', True)), models.Q(('closing__isnull', False), ('late_number__gt', 0)), _connector='OR'), name='pos_closing_late_belongs'),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='pos_closing_number_positive'),
        ),
        append_only('pos_closing'),
    ]
