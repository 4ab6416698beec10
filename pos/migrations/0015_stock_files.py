"""Stock from files."""

import django.db.models.deletion
from django.db import migrations, models

import fynlo.core.ids


def _key() -> models.UUIDField:
    return models.UUIDField(
        default=fynlo.core.ids.new_id, editable=False, primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0014_reservations"),
    ]

    operations = [
        migrations.CreateModel(
            name="StockFile",
            fields=[
                ("id", _key()),
                ("kind", models.CharField(max_length=20)),
                ("file_name", models.CharField(max_length=200)),
                ("file_digest", models.CharField(max_length=64)),
                ("content", models.BinaryField(null=True)),
                ("options", models.JSONField(default=dict)),
                ("state", models.CharField(default="staged", max_length=10)),
                ("summary", models.JSONField(default=dict)),
                ("staged_at", models.DateTimeField()),
                ("staged_by", models.UUIDField(null=True)),
                ("staged_by_name", models.CharField(blank=True, default="", max_length=120)),
                ("applied_at", models.DateTimeField(null=True)),
                ("applied_by_name", models.CharField(blank=True, default="", max_length=120)),
                ("reverted_at", models.DateTimeField(null=True)),
                ("reverted_by_name", models.CharField(blank=True, default="", max_length=120)),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.CreateModel(
            name="StockFileRow",
            fields=[
                ("id", _key()),
                ("line", models.PositiveIntegerField()),
                ("outcome", models.CharField(max_length=10)),
                ("key", models.CharField(blank=True, default="", max_length=300)),
                ("name", models.CharField(blank=True, default="", max_length=300)),
                ("location_id", models.UUIDField(null=True)),
                ("variant_id", models.UUIDField(null=True)),
                ("changes", models.JSONField(default=list)),
                ("plan", models.JSONField(null=True)),
                ("before", models.JSONField(null=True)),
                ("column", models.CharField(blank=True, default="", max_length=80)),
                ("reason", models.TextField(blank=True, default="")),
                ("given", models.CharField(blank=True, default="", max_length=200)),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="pos.stockfile",
                    ),
                ),
            ],
            options={
                "ordering": ["line", "id"],
                "indexes": [
                    models.Index(fields=["file", "outcome", "line"], name="pos_stockfilerow_page"),
                ],
            },
        ),
    ]
