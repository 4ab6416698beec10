"""Trigrams for searching with typing errors, in the schema every tenant's search_path ends with.

`pg_trgm` is a trusted extension: the database's owner may create it. Taking this migration back leaves it
where it is, because merchants' indexes may use it.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0002_template_platform_fingerprint'),
    ]

    operations = [
        migrations.RunSQL(
            ['CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA extensions'], migrations.RunSQL.noop
        ),
    ]
