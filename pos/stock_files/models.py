"""Files of stock that were sent, and what each of their rows does or would do."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel

STOCK_FILE_STATES = ("staged", "applying", "applied", "reverting", "reverted", "discarded")


class StockFile(TenantModel):
    """A file about stock. `kind` says what its rows are, `summary` what it did or would do.

    While it is being applied or taken back, `done` of `total` rows are. Of a kind that goes in batches `position`
    is the last of them (location, variant, line), written in the transaction of its movements: what is up to it is
    done, what is behind it is not, whoever was killed when. `worked_by` began, `worked_at` was the last batch.
    """

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="staged")
    summary = models.JSONField(default=dict)
    staged_at = models.DateTimeField()
    staged_by = models.UUIDField(null=True)
    staged_by_name = models.CharField(max_length=120, blank=True, default="")
    applied_at = models.DateTimeField(null=True)
    applied_by_name = models.CharField(max_length=120, blank=True, default="")
    reverted_at = models.DateTimeField(null=True)
    reverted_by_name = models.CharField(max_length=120, blank=True, default="")
    done = models.PositiveIntegerField(default=0, db_default=0)
    total = models.PositiveIntegerField(default=0, db_default=0)
    position = models.JSONField(null=True)
    worked_at = models.DateTimeField(null=True)
    worked_by = models.JSONField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class StockFileRow(TenantModel):
    """What a row of a file does or would do, or one thing that is wrong with it.

    `key` is what no two rows of a file may share; `plan` is what applying needs, `before` what was there, `changes`
    the same for people. `location_id` and `variant_id` are the place whose level it changes, if it does.
    """

    file = models.ForeignKey(StockFile, on_delete=models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10)
    key = models.CharField(max_length=300, blank=True, default="")
    name = models.CharField(max_length=300, blank=True, default="")
    location_id = models.UUIDField(null=True)
    variant_id = models.UUIDField(null=True)
    changes = models.JSONField(default=list)
    plan = models.JSONField(null=True)
    before = models.JSONField(null=True)
    column = models.CharField(max_length=80, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    given = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["line", "id"]
        indexes = [
            models.Index(fields=["file", "outcome", "line"], name="pos_stockfilerow_page"),
            # The next batch, in the order in which levels are locked.
            models.Index(
                fields=["file", "location_id", "variant_id", "line"],
                name="pos_stockfilerow_batch",
                condition=Q(variant_id__isnull=False),
            ),
        ]
