"""Search with typing errors: trigrams over folded names, and the folded names of what there is already."""

import django.contrib.postgres.indexes
from django.db import migrations

from pos.catalog.searching import search_text

BATCH = 2_000


def fold_names(apps, _editor):
    """Fill `search_text` of the variants there are; the services keep it from now on."""
    variants = apps.get_model('pos', 'Variant').objects
    batch = []
    for variant in variants.select_related('item').iterator(chunk_size=BATCH):
        variant.search_text = search_text(
            item_name=variant.item.name, variant_name=variant.name, sku=variant.sku
        )
        batch.append(variant)
        if len(batch) == BATCH:
            variants.bulk_update(batch, ['search_text'])
            batch = []
    if batch:
        variants.bulk_update(batch, ['search_text'])


class Migration(migrations.Migration):

    dependencies = [
        ('pos', '0004_price_book_lookup'),
    ]

    operations = [
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='variant',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_text'], name='pos_variant_search', opclasses=['gin_trgm_ops']),
        ),
    ]
