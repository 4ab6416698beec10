"""Which merchant has which account at a vendor."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import fynlo.core.ids


class Migration(migrations.Migration):
    """Additive."""

    dependencies: ClassVar = [
        ('tenants', '0003_trigrams'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='VendorAccount',
            fields=[
                ('id', models.UUIDField(default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('gateway', models.CharField(max_length=40)),
                ('account', models.CharField(max_length=100)),
                ('created_at', models.DateTimeField()),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vendor_accounts', to='tenants.tenant')),
            ],
            options={
                'ordering': ['gateway', 'account'],
                'constraints': [models.UniqueConstraint(fields=('gateway', 'account'), name='tenants_vendoraccount_once'), models.CheckConstraint(condition=models.Q(('account', ''), _negated=True), name='tenants_vendoraccount_named')],
            },
        ),
    ]
