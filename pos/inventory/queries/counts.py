"""Counts, their lines and entries as the API, the feed and the back office tell them."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from fynlo.core.clock import rfc3339
from fynlo.core.errors import NotFound
from fynlo.core.tenancy import current_tenant
from pos.inventory import states
from pos.inventory.models import (
    StockCount,
    StockCountEntry,
    StockCountLine,
    StockLevel,
    StockLot,
    StockLotLevel,
)
from pos.inventory.quantities import plain_cost, plain_quantity

LINE_STATUS: Final = ("counted", "uncounted", "different", "found", "recount")
_IN_WORK: Final = (states.DRAFT, states.COUNTING)
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountFilter:
    """Which counts a list shows."""

    location_id: UUID | None = None
    state: str | None = None
    kind: str | None = None
    opened_from: dt.datetime | None = None
    opened_to: dt.datetime | None = None
    variant_id: UUID | None = None


def counts(wanted: CountFilter) -> QuerySet[StockCount, StockCount]:
    """Counts with their figures, for lists."""
    found = _with_figures(StockCount.objects.all())
    if wanted.location_id is not None:
        found = found.filter(location_id=wanted.location_id)
    if wanted.state is not None:
        found = found.filter(state=wanted.state)
    if wanted.kind is not None:
        found = found.filter(kind=wanted.kind)
    if wanted.opened_from is not None:
        found = found.filter(opened_at__gte=wanted.opened_from)
    if wanted.opened_to is not None:
        found = found.filter(opened_at__lt=wanted.opened_to)
    if wanted.variant_id is not None:
        found = found.filter(
            Exists(StockCountLine.objects.filter(count_id=OuterRef("pk"), variant_id=wanted.variant_id))
        )
    return found


def find_count(count_id: UUID) -> StockCount:
    """The count with its figures; raises `NotFound`."""
    count: StockCount | None = _with_figures(StockCount.objects.filter(pk=count_id)).first()
    if count is None:
        raise NotFound("There is no such count.")
    return count


def count_document(count: Any) -> dict[str, Any]:
    """The whole state of a count that `find_count` or `counts` found. A blind one tells no value while it runs."""
    return {
        "id": str(count.pk),
        "number": count.number,
        "kind": count.kind,
        "state": count.state,
        "location_id": str(count.location_id),
        "name": count.name,
        "is_blind": count.is_blind,
        "selling_zone": count.selling_zone,
        "scope": count.scope,
        "uncounted": count.uncounted,
        "opened_at": rfc3339(count.opened_at),
        "opened_by": person(count.opened_by_id, count.opened_by_name),
        "submitted_at": _time(count.submitted_at),
        "submitted_by": person(count.submitted_by_id, count.submitted_by_name),
        "ended_at": _time(count.ended_at),
        "ended_by": person(count.ended_by_id, count.ended_by_name),
        "reason": count.reason,
        "line_count": count.line_count,
        "counted_line_count": count.counted_line_count,
        "entry_count": count.entry_count,
        "variance_value_minor": None
        if count.variance_value_minor is None
        else plain_cost(count.variance_value_minor),
        "currency": current_tenant().currency,
    }


def count_lines(count: StockCount, *, status: str | None = None) -> QuerySet[StockCountLine, StockCountLine]:
    """Lines of a count with what was entered so far, for lists."""
    entries = StockCountEntry.objects.filter(
        line_id=OuterRef("pk"),
        pass_number=OuterRef("pass_number"),
        voids__isnull=True,
        voided_by__isnull=True,
    )
    lines = StockCountLine.objects.filter(count=count).select_related("variant__item")
    summed = entries.order_by().values("line_id").annotate(total=Sum("quantity"), n=Count("id"))
    lots = StockLotLevel.objects.filter(lot_id=OuterRef("lot_id"), location_id=count.location_id)
    level = StockLevel.objects.filter(variant_id=OuterRef("variant_id"), location_id=count.location_id)
    lines = lines.annotate(
        entered=Subquery(summed.values("total")),
        entry_count=Coalesce(Subquery(summed.values("n")), 0),
        last_entry_at=Subquery(entries.order_by("-counted_at").values("counted_at")[:1]),
        on_hand=Subquery(level.values("on_hand")),
        lot_on_hand=Subquery(lots.values("on_hand")),
        lot_code=Subquery(StockLot.objects.filter(pk=OuterRef("lot_id")).values("code")),
    )
    return _of_status(lines, status, is_in_work=count.state in _IN_WORK)


def line_document(line: Any, *, count: StockCount) -> dict[str, Any]:
    """A line that `count_lines` found. What is expected is missing while a blind count runs."""
    in_work = count.state in _IN_WORK
    counted = line.entered if in_work else line.counted
    counted_at = line.last_entry_at if in_work else line.counted_at
    expected = _expected(line, count)
    difference = None if counted is None or expected is None or in_work else counted - expected
    cost = None if in_work else line.unit_cost_minor
    return {
        "id": str(line.pk),
        "variant_id": str(line.variant_id),
        "sku": line.variant.sku,
        "name": goods_name(line.variant),
        "unit": line.variant.item.unit,
        "lot_id": None if line.lot_id is None else str(line.lot_id),
        "lot": line.lot_code or "",
        "is_found": line.is_found,
        "pass_number": line.pass_number,
        "needs_recount": in_work and line.pass_number > 1 and line.entry_count == 0,
        "entry_count": line.entry_count,
        "counted": _quantity(counted),
        "counted_at": _time(counted_at),
        "expected": _quantity(expected),
        "difference": _quantity(difference),
        "unit_cost_minor": None if cost is None else plain_cost(cost),
        "difference_value_minor": None
        if cost is None or difference is None
        else plain_cost(difference * cost),
    }


def live_entries(count_id: UUID) -> QuerySet[StockCountEntry, StockCountEntry]:
    """Entries that count: of their line's current pass, and not taken back."""
    found: QuerySet[StockCountEntry, StockCountEntry] = StockCountEntry.objects.filter(
        count_id=count_id, voids__isnull=True, voided_by__isnull=True, pass_number=F("line__pass_number")
    )
    return found


def count_entries(
    count_id: UUID, *, line_id: UUID | None = None
) -> QuerySet[StockCountEntry, StockCountEntry]:
    """Everything that was entered into a count, with what was taken back, for lists."""
    entries = StockCountEntry.objects.filter(count_id=count_id).select_related(
        "line__variant__item", "voided_by"
    )
    found: QuerySet[StockCountEntry, StockCountEntry] = entries.annotate(
        lot_code=Subquery(StockLot.objects.filter(pk=OuterRef("line__lot_id")).values("code"))
    )
    return found if line_id is None else found.filter(line_id=line_id)


def entry_document(entry: Any) -> dict[str, Any]:
    """An entry as `count_entries` found it."""
    line = entry.line
    voided = getattr(entry, "voided_by", None)
    return {
        "id": str(entry.pk),
        "line_id": str(line.pk),
        "variant_id": str(line.variant_id),
        "sku": line.variant.sku,
        "name": goods_name(line.variant),
        "unit": line.variant.item.unit,
        "lot_id": None if line.lot_id is None else str(line.lot_id),
        "lot": entry.lot_code or "",
        "zone": entry.zone,
        "pass_number": entry.pass_number,
        "quantity": plain_quantity(entry.quantity),
        "entered_quantity": plain_quantity(entry.entered_quantity),
        "entered_unit": entry.entered_unit,
        "code": entry.code,
        "counted_at": rfc3339(entry.counted_at),
        "counted_by": person(entry.counted_by_id, entry.counted_by_name),
        "voids": None if entry.voids_id is None else str(entry.voids_id),
        "voided_by": None if voided is None else str(voided.pk),
    }


def goods_name(variant: Any) -> str:
    """Item and variant as people read them; the variant's item is loaded."""
    return f"{variant.item.name}, {variant.name}" if variant.name else str(variant.item.name)


def person(key: UUID | None, name: str) -> dict[str, Any] | None:
    """Who did something, or None where nobody has yet."""
    return {"id": None if key is None else str(key), "name": name} if name else None


def _expected(line: Any, count: StockCount) -> Decimal | None:
    """What the books say: decided ones as they were, running ones as they are now, blind ones not at all."""
    if count.state not in _IN_WORK:
        return None if line.expected is None else Decimal(line.expected)
    if count.is_blind:
        return None
    now = line.lot_on_hand if line.lot_id is not None else line.on_hand
    return _ZERO if now is None else Decimal(now)


def _of_status(lines: QuerySet[Any, Any], status: str | None, *, is_in_work: bool) -> QuerySet[Any, Any]:
    if status == "found":
        return lines.filter(is_found=True)
    if status == "counted":
        return lines.filter(entry_count__gt=0) if is_in_work else lines.filter(counted__isnull=False)
    if status == "uncounted":
        return lines.filter(entry_count=0) if is_in_work else lines.filter(counted__isnull=True)
    if status == "recount":
        return lines.filter(entry_count=0, pass_number__gt=1)
    if status == "different":
        return lines.filter(counted__isnull=False).exclude(counted=F("expected"))
    return lines


def _with_figures(found: QuerySet[StockCount, StockCount]) -> QuerySet[StockCount, StockCount]:
    lines = StockCountLine.objects.filter(count_id=OuterRef("pk")).order_by().values("count_id")
    live = StockCountEntry.objects.filter(
        count_id=OuterRef("pk"),
        voids__isnull=True,
        voided_by__isnull=True,
        pass_number=F("line__pass_number"),
    )
    by_count: Any = live.order_by().values("count_id")
    return found.annotate(
        line_count=Coalesce(Subquery(lines.annotate(n=Count("id")).values("n")), 0),
        counted_line_count=Coalesce(
            Subquery(by_count.annotate(n=Count("line_id", distinct=True)).values("n")), 0
        ),
        entry_count=Coalesce(Subquery(by_count.annotate(n=Count("id")).values("n")), 0),
    )


def _quantity(value: Decimal | None) -> str | None:
    return None if value is None else plain_quantity(value)


def _time(at: dt.datetime | None) -> str | None:
    return None if at is None else rfc3339(at)
