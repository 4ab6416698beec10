"""What somebody asks of a count, as frozen values. Pure."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from fynlo.core.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class CountScope:
    """What a count is about. Every filter narrows; none at all is everything that is kept in stock there.

    `value_classes`: A is what makes up the first 80 % of the stock's value there, B the next 15 %, C the rest.
    `limit` takes so many, those that were counted longest ago (or never) first.
    """

    variant_ids: tuple[UUID, ...] = ()
    category_ids: tuple[UUID, ...] = ()
    tags: tuple[str, ...] = ()
    value_classes: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountDraft:
    """A count to be opened."""

    id: UUID = field(default_factory=new_id)
    kind: str
    location_id: UUID
    name: str = ""
    is_blind: bool = False
    selling_zone: str = ""
    scope: CountScope = CountScope()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """Something counted: a variant or a code that was scanned, once or `quantity` times.

    Without a `unit` the quantity is in the item's unit, or so many of what a scanned code stands for. A lot is
    named by its key, by its code, or by the scanned code itself.
    """

    id: UUID
    counted_at: dt.datetime
    variant_id: UUID | None = None
    code: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    lot_id: UUID | None = None
    lot: str = ""
    zone: str = ""
