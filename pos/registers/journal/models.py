"""The journal of a register: what happened there, each entry chained to the one before by its hash."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel
from pos.fiscal.kinds import (
    CANCEL,
    CHECKPOINT,
    DRAWER_OPENED,
    KINDS,
    LATE,
    NUMBER_LENGTH,
    REPRINT,
    SIGNED,
    SYSTEM,
    TRAINING,
    VOID,
)
from pos.registers.models import Register

RARE = (REPRINT, CHECKPOINT, SYSTEM, SIGNED, VOID, CANCEL, DRAWER_OPENED, LATE, TRAINING)
"""Kinds that are looked up by themselves, and counted by a Z; of sales there are too many for one more index."""


class JournalEntry(HistoryModel):
    """One entry. Values are texts in `body`, so nothing it says changes when a name or a code does later.

    `position` is dense per register, `at` when it happened, `recorded_at` when it was written, `register_code`
    the code the register had then. `body` is canonical text and what the hash was made of, so it is no JSON
    column. `recipe` says how the hash was made (`pos.fiscal.recipe`).
    """

    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, related_name="journal_entries", db_index=False
    )
    register_code = models.CharField(max_length=20)
    position = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=NUMBER_LENGTH, blank=True, default="")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    business_date = models.DateField()
    recipe = models.PositiveSmallIntegerField()
    body = models.TextField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "journal entries"
        ordering = ["register", "position"]
        indexes = [
            models.Index(
                fields=["register", "kind", "position"],
                name="pos_journalentry_rare",
                condition=Q(kind__in=RARE),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["register", "position"], name="pos_journalentry_position"),
            models.CheckConstraint(condition=Q(position__gt=0), name="pos_journalentry_position_positive"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="pos_journalentry_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.register_code} entry {self.position}"
