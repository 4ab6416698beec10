"""A register counts receipts, trainings, closings and journal entries, and knows its grand totals."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pos', '0017_fewer_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='register',
            name='grand_total_minor',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='register',
            name='journal_head',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AddField(
            model_name='register',
            name='last_closing_number',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='register',
            name='last_journal_position',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='register',
            name='last_receipt_number',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='register',
            name='last_training_number',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='register',
            name='refund_total_minor',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
