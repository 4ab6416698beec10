"""What guests sign for payments."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from fynlo.core.history import append_only


class Migration(migrations.Migration):
    """Additive: a table of its own, which the release before does not know."""

    dependencies: ClassVar = [
        ('payments', '0009_reconciliation'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='AttemptSignature',
            fields=[
                ('attempt', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='signature', serialize=False, to='payments.attempt')),
                ('content', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('signed_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=120)),
                ('employee_id', models.UUIDField(null=True)),
                ('device_id', models.UUIDField(null=True)),
                ('flags', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['attempt'],
                'constraints': [models.CheckConstraint(condition=models.Q(('height__gte', 1), ('width__gte', 1)), name='payments_attemptsignature_pixels')],
            },
        ),
        append_only('payments_attemptsignature'),
    ]
