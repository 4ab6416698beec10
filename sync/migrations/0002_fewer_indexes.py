"""Pairing codes are found by what is typed, never by a register or a device."""

import django.db.models.deletion
from django.db import migrations, models

# Django's own way would drop each foreign key and check all rows of a merchant when it makes it again.
_DROP = [
    "DROP INDEX sync_pairingcode_for_terminal_id_ee56084b",
    "DROP INDEX sync_pairingcode_register_id_b7cd8133",
    "DROP INDEX sync_pairingcode_terminal_id_8b467a6c",
]
_MAKE_AGAIN = [
    "CREATE INDEX sync_pairingcode_for_terminal_id_ee56084b ON sync_pairingcode (for_terminal_id)",
    "CREATE INDEX sync_pairingcode_register_id_b7cd8133 ON sync_pairingcode (register_id)",
    "CREATE INDEX sync_pairingcode_terminal_id_8b467a6c ON sync_pairingcode (terminal_id)",
]
_FIELDS = [
    migrations.AlterField(
        model_name="pairingcode",
        name="for_terminal",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to="sync.terminal",
        ),
    ),
    migrations.AlterField(
        model_name="pairingcode",
        name="register",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="pairing_codes",
            to="pos.register",
        ),
    ),
    migrations.AlterField(
        model_name="pairingcode",
        name="terminal",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to="sync.terminal",
        ),
    ),
]


class Migration(migrations.Migration):
    dependencies = [("sync", "0001_initial")]

    operations = [
        migrations.RunSQL(sql=_DROP, reverse_sql=_MAKE_AGAIN, state_operations=_FIELDS),
    ]
