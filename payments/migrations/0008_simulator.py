"""What the simulated vendor keeps."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import fynlo.core.ids


class Migration(migrations.Migration):
    """Additive."""

    dependencies: ClassVar = [
        ('payments', '0007_stored_value'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='SimulatedObject',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('key', models.CharField(blank=True, default='', max_length=300)),
                ('about', models.CharField(blank=True, default='', max_length=80)),
                ('data', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='payments.connection')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['connection', 'kind', 'about'], name='payments_simulatedobject_about')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('connection', 'kind', 'key'), name='payments_simulatedobject_once')],
            },
        ),
    ]
