"""Shapes of files of stock."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import BooleanField, IdField, StrictSerializer, TimestampField


class StockRevertInput(StrictSerializer):
    """Whether to take back what something else changed since, too."""

    force = BooleanField(required=False, default=False)

    def to_draft(self) -> bool:
        """The answer."""
        return bool(self.validated_data["force"])


class StockImportOutput(serializers.Serializer[Any]):
    """A file of stock on its way in."""

    id = IdField()
    kind = serializers.CharField(help_text="levels, targets, suppliers, supplier_items, purchase_orders …")
    file_name = serializers.CharField()
    digest = serializers.CharField(help_text="SHA-256 of the file.")
    state = serializers.CharField(help_text="staged, applying, applied, reverting, reverted or discarded.")
    possible = serializers.ListField(child=serializers.CharField(), help_text="What can be done with it now.")
    summary = serializers.DictField(
        help_text=(
            "is_ready, can_apply, problem_count, problems (the first), row_count, created, changed, unchanged; "
            "failure; after a revert: kept."
        )
    )
    progress = serializers.DictField(
        allow_null=True, help_text="phase, done, total (of rows) while it is worked on; else null."
    )
    staged_at = TimestampField()
    staged_by = serializers.CharField()
    applied_at = TimestampField(allow_null=True)
    applied_by = serializers.CharField()
    reverted_at = TimestampField(allow_null=True)
    reverted_by = serializers.CharField()


class StockImportChangeOutput(serializers.Serializer[Any]):
    """Something that will be another."""

    column = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class StockImportRowOutput(serializers.Serializer[Any]):
    """A row: what becomes of it, or what is wrong with it."""

    line = serializers.IntegerField(help_text="0: the whole file.")
    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    outcome = serializers.CharField(help_text="problem, created, changed or unchanged.")
    changes = StockImportChangeOutput(many=True)
    column = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    given = serializers.CharField(allow_blank=True)


class StockImportRowsOutput(serializers.Serializer[Any]):
    """A page of rows."""

    items = StockImportRowOutput(many=True)
    next_page = serializers.IntegerField(allow_null=True, help_text="Null on the last page.")
