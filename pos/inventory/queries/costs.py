"""What goods cost, and what stock is worth: now, and at any moment of the past."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.places import Place
from pos.inventory.queries.ledger import LevelFilter, stock_levels

# A line's movements are found by its key; what corrected them later, by theirs.
_GOODS: Final = """
SELECT moved.order_line_id, -sum(moved.value_minor + COALESCE(later.value_minor, 0))
FROM pos_stockmovement AS moved
LEFT JOIN LATERAL (
    SELECT sum(value_minor) AS value_minor FROM pos_stockmovement
    WHERE original_id = moved.id AND kind = 'revaluation'
) AS later ON true
WHERE moved.order_line_id = ANY(%(lines)s::uuid[]) AND moved.order_line_id IS NOT NULL
    AND NOT moved.kind = 'revaluation'
GROUP BY moved.order_line_id
"""
# Levels that are asked for, less what moved since: of a million movements only those since are read.
_WORTH: Final = """
SELECT sum(value_minor), count(*) FROM (
    SELECT level.on_hand - COALESCE(later.quantity, 0) AS on_hand,
        level.value_minor - COALESCE(later.value_minor, 0) AS value_minor
    FROM ({levels}) AS level LEFT JOIN (
        SELECT variant_id, location_id, sum(quantity) AS quantity, sum(value_minor) AS value_minor
        FROM ({later}) AS moved GROUP BY variant_id, location_id
    ) AS later USING (variant_id, location_id)
) AS place WHERE on_hand <> 0 OR value_minor <> 0
"""
# A business date lies within two days of the instants that belong to it: each bound lets its own index do the work.
_SLACK: Final = dt.timedelta(days=2)
_NOTHING: Final = Decimal(0)
_WIDE: Final = DecimalField(max_digits=60, decimal_places=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When stock is looked at: after everything up to `at`, or up to the end of the business day `date`; else now.

    `known_at`: only by what had been recorded by then. What an earlier release recorded was always known.
    """

    at: dt.datetime | None = None
    date: dt.date | None = None
    known_at: dt.datetime | None = None

    @property
    def is_now(self) -> bool:
        """Whether the levels themselves say it."""
        return self.at is None and self.date is None and self.known_at is None

    def condition(self) -> Q:
        """The movements that count."""
        counts = Q()
        if self.at is not None:
            counts &= Q(at__lte=self.at)
        if self.date is not None:
            counts &= Q(business_date__lte=self.date)
        if self.known_at is not None:
            counts &= Q(recorded_at__isnull=True) | Q(recorded_at__lte=self.known_at)
        return counts

    def later(self) -> Q | None:
        """The movements that do not count yet; None where that is more than what came after a moment."""
        if self.known_at is not None or (self.at is None) == (self.date is None):
            return None
        if self.at is not None:
            return Q(at__gt=self.at, business_date__gte=(self.at - _SLACK).date())
        midnight = dt.datetime.combine(self.date or dt.date.min, dt.time(), tzinfo=dt.UTC)
        return Q(business_date__gt=self.date, at__gte=midnight - _SLACK)


NOW: Final = Moment()


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued:
    """How much of a variant there was at a location, and what that was worth in minor units."""

    place: Place
    quantity: Decimal
    value_minor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What stock was worth together, and how many levels were not empty."""

    value_minor: Decimal
    level_count: int


def cost_of_goods(order_line_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """What the goods of order lines cost in minor units, as known now; lines without stock are missing.

    What came back and was put on the shelf again is taken off; what was thrown away is not. One statement.
    """
    if not order_line_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_GOODS, {"lines": list(order_line_ids)})
        return dict(cursor.fetchall())


def unit_costs(variant_ids: Collection[UUID], location_id: UUID) -> dict[UUID, Decimal]:
    """What the next unit of each variant costs there; variants of which no cost is known are missing."""
    levels = StockLevel.objects.filter(variant_id__in=variant_ids, location_id=location_id)
    known = levels.values_list("variant_id", "unit_cost_minor")
    return {variant_id: cost for variant_id, cost in known if cost is not None}


def stock_valuation(*, wanted: LevelFilter | None = None, moment: Moment = NOW) -> list[Valued]:
    """Quantity and value per variant and location, in the order of places, without empty ones. One statement.

    In the order of events and as known now, unless `moment.known_at` says by what was recorded until then.
    """
    rows = valued_levels(wanted=wanted or LevelFilter(), moment=moment).order_by("location_id", "variant_id")
    return [
        Valued(
            place=Place(row.location_id, row.variant_id),
            quantity=row.quantity_then,
            value_minor=row.value_then,
        )
        for row in rows
    ]


def valued_levels(*, wanted: LevelFilter, moment: Moment = NOW) -> QuerySet[Any, Any]:
    """The same as a queryset of levels with `quantity_then` and `value_then`, for lists."""
    rows, later = stock_levels(wanted=wanted), moment.later()
    if moment.is_now:
        rows = rows.annotate(quantity_then=F("on_hand"), value_then=F("value_minor"))
    elif later is not None:  # a level is the sum of its movements: less what moved since
        rows = rows.annotate(
            quantity_then=F("on_hand") - _sum("quantity", later),
            value_then=F("value_minor") - _sum("value_minor", later),
        )
    else:
        counts = moment.condition()
        rows = rows.annotate(quantity_then=_sum("quantity", counts), value_then=_sum("value_minor", counts))
    found: QuerySet[Any, Any] = rows.exclude(quantity_then=0, value_then=0)
    return found


def stock_worth(*, wanted: LevelFilter, moment: Moment = NOW) -> Worth:
    """What all of it was worth together; one statement."""
    if moment.is_now:
        levels = stock_levels(wanted=wanted).exclude(on_hand=0, value_minor=0)
        found = levels.aggregate(value=Sum("value_minor"), count=Count("id"))
        return Worth(value_minor=found["value"] or _NOTHING, level_count=found["count"])
    places, later = stock_levels(wanted=wanted), moment.later()
    if later is not None:
        return _worth_before(places, later, wanted.location_id)
    moved = StockMovement.objects.filter(moment.condition())
    if wanted.location_id is not None:
        moved = moved.filter(location_id=wanted.location_id)
    if wanted.variant_id is not None or wanted.category_id is not None or wanted.text:
        moved = moved.filter(variant_id__in=places.values("variant_id"))
    sums = moved.values("location_id", "variant_id").annotate(
        quantity_then=Sum("quantity"), value_then=Sum("value_minor")
    )
    found = sums.exclude(quantity_then=0, value_then=0).aggregate(value=Sum("value_then"), count=Count("*"))
    return Worth(value_minor=found["value"] or _NOTHING, level_count=found["count"])


def _worth_before(places: QuerySet[Any, Any], later: Q, location_id: UUID | None) -> Worth:
    moved = StockMovement.objects.filter(later).order_by()
    if location_id is not None:
        moved = moved.filter(location_id=location_id)
    columns = ("variant_id", "location_id")
    levels, asked = places.order_by().values_list(*columns, "on_hand", "value_minor").query.sql_with_params()
    since, counted = moved.values_list(*columns, "quantity", "value_minor").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_WORTH.format(levels=levels, later=since), [*asked, *counted])
        value, count = cursor.fetchone()
    return Worth(value_minor=value or _NOTHING, level_count=count)


def _sum(figure: str, condition: Q) -> Coalesce:
    moved = StockMovement.objects.filter(
        condition, variant_id=OuterRef("variant_id"), location_id=OuterRef("location_id")
    )
    total = moved.order_by().values("variant_id").annotate(total=Sum(figure)).values("total")
    return Coalesce(Subquery(total, output_field=_WIDE), _NOTHING, output_field=_WIDE)
