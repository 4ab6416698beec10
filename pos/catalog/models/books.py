"""The price book: every version of every document of the catalogue, appended and never changed."""

from django.db import models

from fynlo.core.models import HistoryModel

KINDS = (
    "settings",
    "tax_class",
    "category",
    "modifier_group",
    "item",
    "price_list",
    "promotion",
    "service_charge",
    "menu",
    "barcode_pattern",
)
"""The kinds of documents, each after those it refers to."""


class PriceBookVersion(HistoryModel):
    """A state of the whole catalogue, in force from `effective_at` until the next one. Orders keep its id.

    Its content is, of each document, the newest entry with a revision up to this one. `digest` covers this
    version's entries and the digest before it. `rules_id` is the version that last changed anything but items:
    as long as it stays, what a process keeps of the house rules stays right.
    """

    revision = models.BigIntegerField(unique=True)
    effective_at = models.DateTimeField(db_index=True)
    cause = models.CharField(max_length=80)
    entry_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    changed_by = models.UUIDField(null=True)
    rules_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["revision"]

    def __str__(self) -> str:
        return f"price book {self.revision}"


class BookEntry(HistoryModel):
    """A document as it was from `revision` on; None when it was removed."""

    revision = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=20)
    entity_id = models.UUIDField()
    document = models.JSONField(null=True)

    class Meta:
        verbose_name_plural = "book entries"
        ordering = ["revision", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "entity_id", "revision"], name="pos_bookentry_once")
        ]


class VariantMove(HistoryModel):
    """Until `revision` the variant was under `item_id`; then it went to another item, or away.

    A sale from before finds its variant where it was (`pos.catalog.queries.book_items`).
    """

    revision = models.BigIntegerField()
    variant_id = models.UUIDField()
    item_id = models.UUIDField()

    class Meta:
        ordering = ["revision", "id"]
        constraints = [
            models.UniqueConstraint(fields=["variant_id", "revision"], name="pos_variantmove_once")
        ]
