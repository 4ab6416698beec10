"""What vendors sign their calls to the platform with."""

from typing import ClassVar

from django.db import migrations, models

import fynlo.core.ids


class Migration(migrations.Migration):
    """Additive."""

    dependencies: ClassVar = [
        ('tenants', '0004_vendor_accounts'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='VendorSecret',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('gateway', models.CharField(max_length=40)),
                ('endpoint', models.CharField(max_length=100)),
                ('sealed', models.TextField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['gateway', 'created_at'],
                'constraints': [models.UniqueConstraint(fields=('gateway', 'endpoint'), name='tenants_vendorsecret_once')],
            },
        ),
    ]
