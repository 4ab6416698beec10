"""Order lines name variants without a constraint: a till may sell what was removed since, and a sale is a fact.

Going back, lines of removed variants stay as they are: the constraint holds for new ones.
"""

import django.db.models.deletion
from django.db import migrations, models

KEY = 'pos_orderline_variant_id_2bd52709_fk_pos_variant_id'


class Migration(migrations.Migration):

    dependencies = [
        ('pos', '0005_search'),
    ]

    operations = [
        migrations.RunSQL(
            f'ALTER TABLE pos_orderline DROP CONSTRAINT {KEY}',
            reverse_sql=f'ALTER TABLE pos_orderline ADD CONSTRAINT {KEY} FOREIGN KEY (variant_id) '
            'REFERENCES pos_variant (id) DEFERRABLE INITIALLY IMMEDIATE NOT VALID',
            state_operations=[
                migrations.AlterField(
                    model_name='orderline',
                    name='variant',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='order_lines', to='pos.variant'),
                ),
            ],
        ),
    ]
