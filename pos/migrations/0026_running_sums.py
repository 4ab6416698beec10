"""Registers keep running sums of their receipts, so that a closing is a difference."""

from typing import ClassVar

from django.db import migrations, models

from fynlo.core.stored_functions import stored_function

_ADDED = """
BEGIN
    RETURN (SELECT jsonb_object_agg(key, total) FROM (
        SELECT key, sum(value::bigint) AS total FROM (
            SELECT * FROM jsonb_each_text(before) UNION ALL SELECT * FROM jsonb_each_text(more)
        ) AS each GROUP BY key
    ) AS summed);
END
"""


class Migration(migrations.Migration):
    """Two columns and a function; what was sold before is added up row by row until the next closing."""

    dependencies: ClassVar = [("pos", "0025_cost_of_goods")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="register",
            name="traded",
            field=models.JSONField(db_default={}, default=dict, editable=False),
        ),
        migrations.AddField(model_name="closing", name="traded", field=models.JSONField(null=True)),
        stored_function(
            name="added_sums", arguments="before jsonb, more jsonb", returns="jsonb", body=_ADDED
        ),
    ]
