"""The feed: its head with the first row, its events (append-only), the readers' cursors."""

from django.db import migrations, models

from fynlo.core.history import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FeedHead",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.BigIntegerField(default=0)),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("txn", models.UUIDField(db_index=True)),
                ("kind", models.TextField()),
                ("entity_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("data", models.JSONField(null=True)),
            ],
            options={"ordering": ["position"], "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.CreateModel(
            name="Cursor",
            fields=[
                ("reader", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(default=0)),
            ],
            options={"ordering": ["reader"], "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            model_name="feedhead",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="events_feedhead_one_row"),
        ),
        migrations.AddConstraint(
            model_name="feedhead",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__gte", 0)), name="events_feedhead_position_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__gte", 1)), name="events_event_position_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="cursor",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__gte", 0)), name="events_cursor_position_positive"
            ),
        ),
        append_only("events_event"),
        # The one row everybody locks. It comes along when a tenant is built from the template's dump.
        migrations.RunSQL(
            "INSERT INTO events_feedhead (id, position) VALUES (1, 0)",
            reverse_sql="DELETE FROM events_feedhead",
        ),
    ]
