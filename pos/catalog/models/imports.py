"""Files that were imported: looked at first, then applied, and taken back with one click."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel

IMPORT_STATES = ("staged", "applied", "reverted", "discarded")


class CatalogImport(TenantModel):
    """A file on its way into the catalogue. `summary` is what it did or would do; revisions frame its changes."""

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
    revision_before = models.BigIntegerField(null=True)
    revision_after = models.BigIntegerField(null=True)
    reverted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=IMPORT_STATES), name="pos_catalogimport_state_known")
        ]

    def __str__(self) -> str:
        return self.file_name
