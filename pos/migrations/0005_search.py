"""Search with typing errors: trigrams over folded names; those of older merchants are folded at their first book."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('pos', '0004_price_book_lookup'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='variant',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_text'], name='pos_variant_search', opclasses=['gin_trgm_ops']),
        ),
    ]
