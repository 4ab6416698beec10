"""The feed's tables, one set per tenant: the head (one row), the events, and how far each reader has come."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import HistoryModel, TenantModel

THE_ONE = 1


class FeedHead(TenantModel):
    """The position of the last committed event: the one row everybody locks last.

    Its lock is held until COMMIT, so positions follow commit order; it is taken by the statement that uses
    it, so they have no gaps. A sequence gives neither (docs/algorithms/feed.md).
    """

    own_key = "one row per tenant"

    id = models.PositiveSmallIntegerField(  # type: ignore[assignment]  # one row needs no UUID
        primary_key=True, default=THE_ONE, editable=False
    )
    position = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(id=THE_ONE), name="events_feedhead_one_row"),
            models.CheckConstraint(condition=Q(position__gte=0), name="events_feedhead_position_positive"),
        ]

    def __str__(self) -> str:
        return f"feed at {self.position}"


class Event(HistoryModel):
    """A committed fact. Never changed; a wrong one is answered by another one."""

    own_key = "the position is what readers ask for"

    id = None  # type: ignore[assignment]
    position = models.BigIntegerField(primary_key=True)
    txn = models.UUIDField(db_index=True)
    kind = models.TextField()
    entity_id = models.UUIDField()
    at = models.DateTimeField()
    data = models.JSONField(null=True)

    class Meta(HistoryModel.Meta):
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(position__gte=1), name="events_event_position_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.kind}"


class Cursor(TenantModel):
    """How far one reader has come: everything up to and including `position` has been handed to it."""

    own_key = "a reader has one cursor"

    id = None  # type: ignore[assignment]
    reader = models.CharField(primary_key=True, max_length=60)
    position = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        ordering = ["reader"]
        constraints = [
            models.CheckConstraint(condition=Q(position__gte=0), name="events_cursor_position_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.reader} at {self.position}"
