"""Lots, serials, and what somebody should look at."""

import django.db.models.deletion
import fynlo.core.ids
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pos', '0010_recipes'),
    ]

    operations = [
        migrations.AddField(
            model_name='stockmovement',
            name='is_lot_inferred',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name='orderline',
            index=models.Index(condition=models.Q(('lot', ''), _negated=True), fields=['lot'], name='pos_orderline_lot'),
        ),
        migrations.AddIndex(
            model_name='orderline',
            index=models.Index(condition=models.Q(('serial', ''), _negated=True), fields=['serial'], name='pos_orderline_serial'),
        ),
        migrations.CreateModel(
            name='StockLot',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20)),
                ('kind', models.CharField(choices=[('lot', 'lot'), ('serial', 'serial')], max_length=10)),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('received_at', models.DateTimeField(null=True)),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stock_lots', to='pos.variant')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StockLotLevel',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('on_hand', models.DecimalField(db_default=Decimal('0'), decimal_places=6, default=Decimal('0'), max_digits=30)),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.location')),
                ('lot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='pos.stocklot')),
                ('variant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos.variant')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StockAlert',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('low', 'low'), ('out', 'out'), ('over', 'over'), ('expiring', 'expiring'), ('dead', 'dead')], max_length=10)),
                ('raised_at', models.DateTimeField()),
                ('cleared_at', models.DateTimeField(blank=True, null=True)),
                ('data', models.JSONField(default=dict)),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pos.location')),
                ('lot', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pos.stocklot')),
                ('variant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pos.variant')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='stocklot',
            constraint=models.UniqueConstraint(fields=('code', 'variant'), name='pos_stocklot_code'),
        ),
        migrations.AddConstraint(
            model_name='stocklot',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('lot', 'serial')), models.Q(('code', ''), _negated=True)), name='pos_stocklot_kind_known'),
        ),
        migrations.AddIndex(
            model_name='stocklotlevel',
            index=models.Index(condition=models.Q(('on_hand__gt', 0)), fields=['variant', 'location'], name='pos_stocklotlevel_there'),
        ),
        migrations.AddConstraint(
            model_name='stocklotlevel',
            constraint=models.UniqueConstraint(fields=('lot', 'location'), name='pos_stocklotlevel_place'),
        ),
        migrations.AddConstraint(
            model_name='stockalert',
            constraint=models.UniqueConstraint(condition=models.Q(('cleared_at__isnull', True)), fields=('variant', 'location', 'kind', 'lot'), name='pos_stockalert_one_open', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='stockalert',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('low', 'out', 'over', 'expiring', 'dead')), models.Q(models.Q(('kind', 'expiring'), ('lot__isnull', False)), models.Q(models.Q(('kind', 'expiring'), _negated=True), ('lot__isnull', True)), _connector='OR')), name='pos_stockalert_kind_known'),
        ),
    ]
