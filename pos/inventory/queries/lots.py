"""Lots and serials, for lists, and how goods are told apart."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from pos.catalog.models import Variant
from pos.inventory.models import StockLot, StockLotLevel
from pos.inventory.models.settings import NO_LOTS

STATES: Final = ("in", "out", "negative")
"""Something of it there, nothing of it anywhere, below zero somewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFilter:
    """What is asked for; None and "" are anything. `expires_before` is the day before which it expires."""

    variant_id: UUID | None = None
    location_id: UUID | None = None
    kind: str | None = None
    code: str = ""
    state: str | None = None
    expires_before: dt.date | None = None


def stock_lots(*, wanted: LotFilter) -> QuerySet[StockLot, StockLot]:
    """Lots with the variants' SKUs and what is there of them (`held`, at one location if asked), two statements."""
    levels = StockLotLevel.objects.order_by("location_id")
    if wanted.location_id is not None:
        levels = levels.filter(location_id=wanted.location_id)
    rows = StockLot.objects.select_related("variant__item").prefetch_related(
        Prefetch("levels", queryset=levels, to_attr="held")
    )
    asked = {
        "variant_id": wanted.variant_id,
        "kind": wanted.kind,
        "code": wanted.code or None,
        "expires_on__lt": wanted.expires_before,
    }
    rows = rows.filter(**{name: value for name, value in asked.items() if value is not None})
    own = levels.order_by().filter(lot=OuterRef("pk"))
    if wanted.location_id is not None:
        rows = rows.filter(Exists(own))
    if wanted.state == "in":
        rows = rows.filter(Exists(own.filter(on_hand__gt=0)))
    elif wanted.state == "out":
        rows = rows.exclude(Exists(own.exclude(on_hand=0)))
    elif wanted.state == "negative":
        rows = rows.filter(Exists(own.filter(on_hand__lt=0)))
    return rows


def tracking_of(*, variant_ids: Collection[UUID]) -> dict[UUID, str]:
    """The variants whose pieces are told apart: `lot` or `serial`, in one statement."""
    found = Variant.objects.filter(pk__in=set(variant_ids)).exclude(item__stock_item=None)
    kept = found.exclude(item__stock_item__tracking=NO_LOTS)
    return dict(kept.values_list("pk", F("item__stock_item__tracking")))
