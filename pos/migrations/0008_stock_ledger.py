"""Stock keeps causes, values and promises: columns of movements and levels, counts, settings.

Going back, movements of kinds the release before does not know stay as they are; its rules hold for new ones.
"""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import fynlo.core.ids
from decimal import Decimal
from django.db import migrations, models

from fynlo.core.history import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('pos', '0007_lots_and_notes'),
    ]

    operations = [
        migrations.CreateModel(
            name='StockCountResult',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('lot_id', models.UUIDField(null=True)),
                ('counted_at', models.DateTimeField()),
                ('business_date', models.DateField()),
                ('quantity', models.DecimalField(decimal_places=6, max_digits=30)),
                ('count_id', models.UUIDField()),
            ],
            options={
                'ordering': ['counted_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='StockHead',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('cost_method', models.CharField(choices=[('average', 'average'), ('fifo', 'fifo')], db_default='average', default='average', max_length=10)),
                ('default_policy', models.CharField(choices=[('allow', 'allow'), ('deny', 'deny'), ('backorder', 'backorder'), ('untracked', 'untracked')], db_default='allow', default='allow', max_length=10)),
                ('over_receipt_percent', models.DecimalField(db_default=Decimal('0'), decimal_places=2, default=Decimal('0'), max_digits=7)),
                ('count_variance_limit_minor', models.BigIntegerField(blank=True, null=True)),
                ('expiry_alert_days', models.PositiveIntegerField(db_default=7, default=7)),
                ('dead_after_days', models.PositiveIntegerField(db_default=90, default=90)),
                ('default_lead_time_days', models.PositiveIntegerField(db_default=7, default=7)),
            ],
        ),
        migrations.CreateModel(
            name='StockItem',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('policy', models.CharField(blank=True, choices=[('allow', 'allow'), ('deny', 'deny'), ('backorder', 'backorder'), ('untracked', 'untracked')], db_default='', default='', max_length=10)),
                ('tracking', models.CharField(choices=[('none', 'none'), ('lot', 'lot'), ('serial', 'serial')], db_default='none', default='none', max_length=10)),
                ('shelf_life_days', models.PositiveIntegerField(blank=True, null=True)),
                ('stops_when_out', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StockTarget',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reorder_point', models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ('par_level', models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ('maximum', models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ('safety_stock', models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ('lead_time_days', models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.RunSQL(
            'ALTER TABLE pos_stockmovement DROP CONSTRAINT pos_stockmovement_not_zero',
            reverse_sql='ALTER TABLE pos_stockmovement ADD CONSTRAINT pos_stockmovement_not_zero '
            'CHECK (NOT (quantity = 0)) NOT VALID',
            state_operations=[
                migrations.RemoveConstraint(model_name='stockmovement', name='pos_stockmovement_not_zero'),
            ],
        ),
        migrations.RunSQL(
            'ALTER TABLE pos_stockmovement DROP CONSTRAINT pos_stockmovement_kind_known',
            reverse_sql='ALTER TABLE pos_stockmovement ADD CONSTRAINT pos_stockmovement_kind_known '
            "CHECK (kind IN ('sale', 'opening')) NOT VALID",
            state_operations=[
                migrations.RemoveConstraint(model_name='stockmovement', name='pos_stockmovement_kind_known'),
            ],
        ),
        # Going back, a line may have several lots and returns by then; the key of the order still keeps a sale from
        # being recorded twice, so the index comes back in a form that every row fits.
        migrations.RunSQL(
            'DROP INDEX pos_stockmovement_once_per_line_and_variant',
            reverse_sql='CREATE UNIQUE INDEX pos_stockmovement_once_per_line_and_variant ON pos_stockmovement '
            '(order_line_id, variant_id, kind, id) WHERE order_line_id IS NOT NULL',
            state_operations=[
                migrations.RemoveConstraint(
                    model_name='stockmovement', name='pos_stockmovement_once_per_line_and_variant'
                ),
            ],
        ),
        migrations.AddField(
            model_name='stocklevel',
            name='counted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='stocklevel',
            name='in_transit',
            field=models.DecimalField(db_default=Decimal('0'), decimal_places=6, default=Decimal('0'), max_digits=30),
        ),
        migrations.AddField(
            model_name='stocklevel',
            name='moved_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='stocklevel',
            name='reserved',
            field=models.DecimalField(db_default=Decimal('0'), decimal_places=6, default=Decimal('0'), max_digits=30),
        ),
        migrations.AddField(
            model_name='stocklevel',
            name='settle_from',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='stocklevel',
            name='unit_cost_minor',
            field=models.DecimalField(decimal_places=9, max_digits=30, null=True),
        ),
        migrations.AddField(
            model_name='stocklevel',
            name='value_minor',
            field=models.DecimalField(db_default=Decimal('0'), decimal_places=15, default=Decimal('0'), max_digits=40),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='document_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='document_line_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='is_valued',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='lot_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='original',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='pos.stockmovement'),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='original_quantity',
            field=models.DecimalField(decimal_places=6, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='recorded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='reversed_before',
            field=models.DecimalField(decimal_places=6, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='value_minor',
            field=models.DecimalField(db_default=Decimal('0'), decimal_places=15, default=Decimal('0'), max_digits=40),
        ),
        migrations.AlterField(
            model_name='stocklevel',
            name='on_hand',
            field=models.DecimalField(db_default=Decimal('0'), decimal_places=6, default=Decimal('0'), max_digits=30),
        ),
        migrations.RunSQL(
            'DROP INDEX pos_stocklevel_variant_id_54cb46c7',  # the constraint pos_stocklevel_place begins with it
            reverse_sql='CREATE INDEX pos_stocklevel_variant_id_54cb46c7 ON pos_stocklevel (variant_id)',
            state_operations=[
                migrations.AlterField(
                    model_name='stocklevel',
                    name='variant',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stock_levels', to='pos.variant'),
                ),
            ],
        ),
        migrations.RunSQL(
            'ALTER TABLE pos_stockmovement DROP CONSTRAINT pos_stockmovement_location_id_7ca25222_fk_pos_location_id',
            reverse_sql='ALTER TABLE pos_stockmovement ADD CONSTRAINT pos_stockmovement_location_id_7ca25222_fk_pos_location_id '
            'FOREIGN KEY (location_id) REFERENCES pos_location (id) DEFERRABLE INITIALLY IMMEDIATE NOT VALID',
        ),
        migrations.RunSQL(
            'DROP INDEX pos_stockmovement_location_id_7ca25222',
            reverse_sql='CREATE INDEX pos_stockmovement_location_id_7ca25222 ON pos_stockmovement (location_id)',
            state_operations=[
                migrations.AlterField(
                    model_name='stockmovement',
                    name='location',
                    field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stock_movements', to='pos.location'),
                ),
            ],
        ),
        migrations.RunSQL(
            'ALTER TABLE pos_stockmovement DROP CONSTRAINT pos_stockmovement_variant_id_42b4f958_fk_pos_variant_id',
            reverse_sql='ALTER TABLE pos_stockmovement ADD CONSTRAINT pos_stockmovement_variant_id_42b4f958_fk_pos_variant_id '
            'FOREIGN KEY (variant_id) REFERENCES pos_variant (id) DEFERRABLE INITIALLY IMMEDIATE NOT VALID',
        ),
        migrations.RunSQL(
            'DROP INDEX pos_stockmovement_variant_id_42b4f958',
            reverse_sql='CREATE INDEX pos_stockmovement_variant_id_42b4f958 ON pos_stockmovement (variant_id)',
            state_operations=[
                migrations.AlterField(
                    model_name='stockmovement',
                    name='variant',
                    field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stock_movements', to='pos.variant'),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(fields=['business_date'], name='pos_stockmovement_day'),
        ),
        migrations.AddIndex(
            model_name='stocklevel',
            index=models.Index(condition=models.Q(('settle_from__isnull', False)), fields=['settle_from'], name='pos_stocklevel_unsettled'),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(condition=models.Q(('lot_id__isnull', False)), fields=['lot_id'], name='pos_stockmovement_lot'),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(condition=models.Q(('document_id__isnull', False)), fields=['document_id'], name='pos_stockmovement_document'),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(condition=models.Q(('original__isnull', False)), fields=['original'], name='pos_stockmovement_original'),
        ),
        migrations.AddConstraint(
            model_name='stocklevel',
            constraint=models.CheckConstraint(condition=models.Q(('in_transit__gte', 0), ('reserved__gte', 0)), name='pos_stocklevel_promises_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('kind', 'revaluation'), _negated=True), models.Q(('quantity', 0), _negated=True)), models.Q(('kind', 'revaluation'), ('quantity', 0), models.Q(('value_minor', 0), _negated=True)), _connector='OR'), name='pos_stockmovement_moves'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('opening', 'sale', 'return', 'adjustment', 'transfer_out', 'transfer_in', 'waste', 'production', 'count', 'channel', 'purchase', 'purchase_return', 'revaluation'))), name='pos_stockmovement_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.UniqueConstraint(condition=models.Q(('order_line_id__isnull', False), models.Q(('kind', 'revaluation'), _negated=True)), fields=('order_line_id', 'variant', 'kind', 'lot_id', 'original', 'document_id'), name='pos_stockmovement_once_per_line', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.UniqueConstraint(condition=models.Q(('reversed_before__isnull', False)), fields=('original', 'reversed_before'), name='pos_stockmovement_reversed_once'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('reversed_before__isnull', True), models.Q(('original__isnull', False), ('original_quantity__isnull', False), ('reversed_before__gte', 0), ('reversed_before__lte', django.db.models.expressions.CombinedExpression(django.db.models.functions.math.Abs(models.F('original_quantity')), '-', django.db.models.functions.math.Abs(models.F('quantity'))))), _connector='OR'), name='pos_stockmovement_reversed_at_most'),
        ),
        migrations.AddField(
            model_name='stockcountresult',
            name='location',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.location'),
        ),
        migrations.AddField(
            model_name='stockcountresult',
            name='variant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.variant'),
        ),
        migrations.AddConstraint(
            model_name='stockhead',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='pos_stockhead_one_row'),
        ),
        migrations.AddConstraint(
            model_name='stockhead',
            constraint=models.CheckConstraint(condition=models.Q(('cost_method__in', ('average', 'fifo')), ('default_policy__in', ('allow', 'deny', 'backorder', 'untracked'))), name='pos_stockhead_known'),
        ),
        migrations.AddConstraint(
            model_name='stockhead',
            constraint=models.CheckConstraint(condition=models.Q(('over_receipt_percent__gte', 0), ('over_receipt_percent__lte', 1000), models.Q(('count_variance_limit_minor__isnull', True), ('count_variance_limit_minor__gte', 0), _connector='OR')), name='pos_stockhead_not_negative'),
        ),
        migrations.AddField(
            model_name='stockitem',
            name='item',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='stock_item', to='pos.item'),
        ),
        migrations.AddField(
            model_name='stocktarget',
            name='location',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pos.location'),
        ),
        migrations.AddField(
            model_name='stocktarget',
            name='variant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='stock_targets', to='pos.variant'),
        ),
        migrations.AddIndex(
            model_name='stockcountresult',
            index=models.Index(fields=['variant', 'location', 'counted_at'], name='pos_stockcountresult_place'),
        ),
        migrations.AddConstraint(
            model_name='stockitem',
            constraint=models.CheckConstraint(condition=models.Q(('policy__in', ('', 'allow', 'deny', 'backorder', 'untracked')), ('tracking__in', ('none', 'lot', 'serial'))), name='pos_stockitem_known'),
        ),
        migrations.AddConstraint(
            model_name='stocktarget',
            constraint=models.UniqueConstraint(fields=('variant', 'location'), name='pos_stocktarget_place'),
        ),
        migrations.AddConstraint(
            model_name='stocktarget',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reorder_point__isnull', True), ('reorder_point__gte', 0), _connector='OR'), models.Q(('par_level__isnull', True), ('par_level__gte', 0), _connector='OR'), models.Q(('maximum__isnull', True), ('maximum__gte', 0), _connector='OR'), models.Q(('safety_stock__isnull', True), ('safety_stock__gte', 0), _connector='OR')), name='pos_stocktarget_not_negative'),
        ),
        append_only("pos_stockcountresult"),
        # The one row of settings. It comes along when a tenant is built from the template's dump.
        migrations.RunSQL("INSERT INTO pos_stockhead (id) VALUES (1)", reverse_sql="DELETE FROM pos_stockhead"),
    ]
