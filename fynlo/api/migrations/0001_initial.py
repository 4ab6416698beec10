"""Idempotency keys: the first answer to every request with an effect."""

import fynlo.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('scope', models.CharField(max_length=80)),
                ('key', models.CharField(max_length=255)),
                ('method', models.CharField(max_length=8)),
                ('path', models.TextField()),
                ('body_sha256', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField()),
                ('content_type', models.CharField(max_length=120)),
                ('body', models.BinaryField()),
                ('txn', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['created_at'], name='api_idempotencykey_age')],
                'constraints': [models.UniqueConstraint(fields=('scope', 'key'), name='api_idempotencykey_scope_key')],
            },
        ),
    ]
