"""Transfers as the API, the feed and the back office tell them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from fynlo.core.clock import rfc3339
from fynlo.core.errors import NotFound
from pos.inventory import states
from pos.inventory.models import StockTransfer, StockTransferArrival, StockTransferLine
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.counts import goods_name, person
from pos.inventory.queries.goods import lot_codes

IN_TRANSIT = (states.SENT, states.PARTLY_RECEIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFilter:
    """Which transfers a list shows; `location_id` is either end of the way."""

    from_location_id: UUID | None = None
    to_location_id: UUID | None = None
    location_id: UUID | None = None
    state: str | None = None
    variant_id: UUID | None = None
    created_from: dt.datetime | None = None
    created_to: dt.datetime | None = None


def transfers(wanted: TransferFilter) -> QuerySet[StockTransfer, StockTransfer]:
    """Transfers with their lines and what arrived, for lists; three statements a page."""
    found = _whole(StockTransfer.objects.all())
    if wanted.location_id is not None:
        found = found.filter(Q(from_location_id=wanted.location_id) | Q(to_location_id=wanted.location_id))
    said = {
        "from_location_id": wanted.from_location_id,
        "to_location_id": wanted.to_location_id,
        "state": wanted.state,
        "created_at__gte": wanted.created_from,
        "created_at__lt": wanted.created_to,
    }
    found = found.filter(**{name: value for name, value in said.items() if value is not None})
    if wanted.variant_id is not None:
        lines = StockTransferLine.objects.filter(transfer_id=OuterRef("pk"), variant_id=wanted.variant_id)
        found = found.filter(Exists(lines))
    return found


def find_transfer(transfer_id: UUID) -> StockTransfer:
    """The transfer with its lines and what arrived; raises `NotFound`."""
    transfer: StockTransfer | None = _whole(StockTransfer.objects.filter(pk=transfer_id)).first()
    if transfer is None:
        raise NotFound("There is no such transfer.")
    return transfer


def transfer_document(transfer: Any, *, lots: dict[UUID, str] | None = None) -> dict[str, Any]:
    """The whole state of a transfer that `find_transfer` or `transfers` found."""
    lines = list(transfer.lines.all())
    codes = lot_codes(line.lot_id for line in lines) if lots is None else lots
    return {
        "id": str(transfer.pk),
        "number": transfer.number,
        "state": transfer.state,
        "from_location_id": str(transfer.from_location_id),
        "to_location_id": str(transfer.to_location_id),
        "note": transfer.note,
        "receipt_count": transfer.receipt_count,
        "created_at": rfc3339(transfer.created_at),
        "created_by": person(transfer.created_by_id, transfer.created_by_name),
        "sent_at": _time(transfer.sent_at),
        "sent_by": person(transfer.sent_by_id, transfer.sent_by_name),
        "received_at": _time(transfer.received_at),
        "received_by": person(transfer.received_by_id, transfer.received_by_name),
        "ended_at": _time(transfer.ended_at),
        "ended_by": person(transfer.ended_by_id, transfer.ended_by_name),
        "reason": transfer.reason,
        "lines": [_line(line, codes, is_sent=transfer.state in IN_TRANSIT) for line in lines],
        "arrivals": [_arrival(arrival) for arrival in transfer.arrivals.all()],
    }


def _line(line: Any, codes: dict[UUID, str], *, is_sent: bool) -> dict[str, Any]:
    return {
        "id": str(line.pk),
        "variant_id": str(line.variant_id),
        "sku": line.variant.sku,
        "name": goods_name(line.variant),
        "unit": line.variant.item.unit,
        "lot_id": None if line.lot_id is None else str(line.lot_id),
        "lot": codes.get(line.lot_id, ""),
        "quantity": plain_quantity(line.quantity),
        "entered_quantity": plain_quantity(line.entered_quantity),
        "entered_unit": line.entered_unit,
        "received": plain_quantity(line.received),
        "wasted": plain_quantity(line.wasted),
        "returned": plain_quantity(line.returned),
        "in_transit": plain_quantity(line.open_quantity) if is_sent else "0",
    }


def _arrival(arrival: Any) -> dict[str, Any]:
    return {
        "id": str(arrival.pk),
        "receipt_id": str(arrival.receipt_id),
        "line_id": str(arrival.line_id),
        "quantity": plain_quantity(arrival.quantity),
        "reason": arrival.reason,
        "outcome": arrival.outcome,
        "note": arrival.note,
        "at": rfc3339(arrival.at),
        "by": person(arrival.employee_id, arrival.employee_name),
    }


def _whole(found: QuerySet[StockTransfer, StockTransfer]) -> QuerySet[StockTransfer, StockTransfer]:
    lines = StockTransferLine.objects.select_related("variant__item").order_by("position")
    arrivals = StockTransferArrival.objects.order_by("id")
    return found.prefetch_related(Prefetch("lines", queryset=lines), Prefetch("arrivals", queryset=arrivals))


def _time(at: dt.datetime | None) -> str | None:
    return None if at is None else rfc3339(at)
