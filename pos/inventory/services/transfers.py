"""Transfers from the draft to the road: prepared, changed, sent, given up."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.clock import business_date
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import Conflict, NotFound, RuleViolation
from fynlo.core.ids import new_id
from fynlo.events.log import append, unit_of_work
from pos.events import StockTransferCancelled, StockTransferDrafted, StockTransferSent
from pos.inventory import states
from pos.inventory.errors import (
    ForeignLot,
    LotRequired,
    NotStocked,
    QuantityOutOfRange,
    TransferToItself,
    UnknownGoods,
)
from pos.inventory.models import StockMovement, StockTransfer, StockTransferLine
from pos.inventory.models.lots import SERIAL
from pos.inventory.places import Place
from pos.inventory.queries.goods import Goods, goods, in_own_unit, lots_of
from pos.inventory.queries.transfers import find_transfer, transfer_document
from pos.inventory.services.first_come import already_done
from pos.inventory.services.level_locks import lock_levels
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.numbers import TRANSFER, take_number
from pos.inventory.services.settling import settle
from pos.inventory.services.transfer_lots import NAME_IT, give_lots
from pos.inventory.transfer_drafts import TransferDraft, TransferLineDraft
from pos.registers.models import Location

MOVE = "stock.move"
_ON_ITS_WAY = """
UPDATE pos_stocklevel AS level SET in_transit = level.in_transit + new.quantity
FROM (SELECT variant_id, SUM(quantity) AS quantity
    FROM unnest(%(variants)s::uuid[], %(quantities)s::numeric[]) AS each (variant_id, quantity)
    GROUP BY variant_id) AS new
WHERE level.variant_id = new.variant_id AND level.location_id = %(location)s
"""


def draft_transfer(*, draft: TransferDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Prepare a transfer and return its whole state; the same one again is answered as it is.

    Raises `Forbidden` without `stock.move`, `TransferToItself`, `RuleViolation` for a location that is not there,
    and for lines `UnknownGoods`, `NotStocked`, `UnknownUnit`, `QuantityOutOfRange`, `LotRequired`, `ForeignLot`.
    """
    actor.require(MOVE)
    _check_places(draft)

    def write() -> dict[str, Any]:
        with unit_of_work():
            if StockTransfer.objects.filter(pk=draft.id).exists():
                return _drafted_before(draft)
            transfer = StockTransfer.objects.create(
                id=draft.id,
                number=take_number(kind=TRANSFER),
                from_location_id=draft.from_location_id,
                to_location_id=draft.to_location_id,
                note=draft.note,
                created_at=at,
                created_by_id=actor.id,
                created_by_name=actor.name,
            )
            StockTransferLine.objects.bulk_create(_lines(transfer.pk, draft.lines))
            return _told(transfer.pk, StockTransferDrafted, at)

    try:
        return run_transaction(write)
    except IntegrityError as error:
        if not constraint(error).startswith("pos_stocktransfer_pkey"):
            raise
        return _drafted_before(draft)


def change_transfer(
    *, transfer_id: UUID, lines: Sequence[TransferLineDraft], actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    """Replace the lines of a transfer that was not sent yet. Raises like `draft_transfer`, and `AlreadyDone`."""
    actor.require(MOVE)

    def write() -> dict[str, Any]:
        with unit_of_work():
            transfer = lock_transfer(transfer_id)
            _check_draft(transfer)
            StockTransferLine.objects.filter(transfer=transfer).delete()
            StockTransferLine.objects.bulk_create(_lines(transfer.pk, lines))
            return _told(transfer.pk, StockTransferDrafted, at)

    return run_transaction(write)


def send_transfer(*, transfer_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """The goods leave their source now, and are in transit at their destination.

    Lines that name no lot take those first to expire. Raises `Forbidden`, `NotFound`, `AlreadyDone` for one that
    was sent or given up, `RuleViolation` for one that has no lines, `LotRequired` for serials nobody named.
    """
    actor.require(MOVE)
    return run_transaction(partial(_send, transfer_id, actor, at))


def cancel_transfer(*, transfer_id: UUID, reason: str, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Give up a transfer before it is sent. Raises `Forbidden`, `NotFound`, `AlreadyDone`."""
    actor.require(MOVE)

    def write() -> dict[str, Any]:
        with unit_of_work():
            transfer = lock_transfer(transfer_id)
            _check_draft(transfer)
            transfer.state = states.TRANSFER.after(transfer.state, "cancel")
            transfer.reason = reason
            transfer.ended_at, transfer.ended_by_id, transfer.ended_by_name = at, actor.id, actor.name
            transfer.save()
            return _told(transfer.pk, StockTransferCancelled, at)

    return run_transaction(write)


def lock_transfer(transfer_id: UUID) -> StockTransfer:
    """The transfer, held alone until COMMIT. Raises `NotFound`."""
    found = StockTransfer.objects.select_for_update(of=("self",)).filter(pk=transfer_id)
    transfer: StockTransfer | None = found.first()
    if transfer is None:
        raise NotFound("There is no such transfer.")
    return transfer


def lock_both_ends(transfer: StockTransfer, variant_ids: Sequence[UUID]) -> list[Place]:
    """The levels of both ends, held until COMMIT, in their order."""
    ends = (transfer.from_location_id, transfer.to_location_id)
    places = sorted({Place(location_id, key) for location_id in ends for key in variant_ids})
    lock_levels(places)
    return places


def put_in_transit(*, location_id: UUID, changes: Sequence[StockChange]) -> None:
    """Add to (or with negative quantities take from) what is on its way to a location. The levels are held."""
    columns: dict[str, Any] = {
        "location": location_id,
        "variants": [change.variant_id for change in changes],
        "quantities": [change.quantity for change in changes],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ON_ITS_WAY, columns)


def movement_cause(
    *, transfer: StockTransfer, kind: str, location: Location, actor: Actor, at: dt.datetime, reason: str = ""
) -> Cause:
    """Why goods of a transfer move at one of its ends, now."""
    return Cause(
        kind=kind,
        location_id=location.pk,
        at=at,
        business_date=business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off),
        recorded_at=at,
        employee_id=actor.employee_id,
        document_id=transfer.pk,
        reason=reason,
    )


def _send(transfer_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        transfer = lock_transfer(transfer_id)
        _check_draft(transfer)
        lines = list(StockTransferLine.objects.filter(transfer=transfer).order_by("position"))
        if not lines:
            raise RuleViolation("There is nothing to send.", pointer="/lines")
        transfer.state = states.TRANSFER.after(transfer.state, "send")
        places = lock_both_ends(transfer, [line.variant_id for line in lines])
        source = Location.objects.get(pk=transfer.from_location_id)
        lines, leaving = give_lots(transfer, lines)
        cause = movement_cause(
            transfer=transfer, kind=StockMovement.TRANSFER_OUT, location=source, actor=actor, at=at
        )
        record_movements(cause=cause, changes=leaving)
        _name_movements(transfer, lines)
        coming = [StockChange(variant_id=line.variant_id, quantity=line.quantity) for line in lines]
        put_in_transit(location_id=transfer.to_location_id, changes=coming)
        transfer.sent_at, transfer.sent_by_id, transfer.sent_by_name = at, actor.id, actor.name
        transfer.save()
        settle(levels=places, at=at)
        return _told(transfer.pk, StockTransferSent, at)


def _name_movements(transfer: StockTransfer, lines: Sequence[StockTransferLine]) -> None:
    rows = StockMovement.objects.filter(document_id=transfer.pk, kind=StockMovement.TRANSFER_OUT)
    by_line = dict(rows.values_list("document_line_id", "id"))
    for line in lines:
        line.movement_id = by_line[line.pk]
    columns = ["movement_id", "lot_id", "quantity", "entered_quantity", "entered_unit"]
    StockTransferLine.objects.bulk_update(lines, columns)


def _lines(transfer_id: UUID, drafts: Sequence[TransferLineDraft]) -> list[StockTransferLine]:
    known = goods({draft.variant_id for draft in drafts})
    lots = {
        lot.pk: lot.variant_id
        for lot in lots_of(lot_ids=[draft.lot_id for draft in drafts if draft.lot_id is not None], codes=())
    }
    rows = []
    for number, draft in enumerate(drafts):
        pointer = f"/lines/{number}"
        of = known.get(draft.variant_id)
        if of is None:
            raise UnknownGoods(pointer=f"{pointer}/variant_id")
        _check_line(draft, of, lots, pointer)
        quantity = in_own_unit(of=of, quantity=draft.quantity, unit=draft.unit, pointer=pointer)
        if quantity <= 0:
            raise QuantityOutOfRange("What is sent is more than zero.", pointer=f"{pointer}/quantity")
        rows.append(
            StockTransferLine(
                id=new_id(),
                transfer_id=transfer_id,
                position=number,
                variant_id=draft.variant_id,
                lot_id=draft.lot_id,
                quantity=quantity,
                entered_quantity=draft.quantity,
                entered_unit=draft.unit or of.unit,
            )
        )
    return rows


def _check_line(draft: TransferLineDraft, of: Goods, lots: dict[UUID, UUID], pointer: str) -> None:
    if not of.is_stocked:
        raise NotStocked(f"No stock is kept of {of.name}.", pointer=f"{pointer}/variant_id")
    if draft.lot_id is None:
        if of.tracking == SERIAL:
            raise LotRequired(NAME_IT, pointer=f"{pointer}/lot_id")
    elif not of.has_lots or lots.get(draft.lot_id) != draft.variant_id:
        raise ForeignLot(f"This lot is not one of {of.name}.", pointer=f"{pointer}/lot_id")


def _check_places(draft: TransferDraft) -> None:
    if draft.from_location_id == draft.to_location_id:
        raise TransferToItself(pointer="/to_location_id")
    ends = (draft.from_location_id, draft.to_location_id)
    there = set(Location.objects.filter(pk__in=ends).values_list("id", flat=True))
    for key, pointer in zip(ends, ("/from_location_id", "/to_location_id"), strict=True):
        if key not in there:
            raise RuleViolation("There is no such location.", pointer=pointer)


def _check_draft(transfer: StockTransfer) -> None:
    if transfer.state == states.DRAFT:
        return
    is_sent = transfer.state != states.CANCELLED
    raise already_done(
        what=f"Transfer {transfer.number}",
        did="sent" if is_sent else "cancelled",
        by=transfer.sent_by_name if is_sent else transfer.ended_by_name,
        at=transfer.sent_at if is_sent else transfer.ended_at,
        state=transfer.state,
    )


def _drafted_before(draft: TransferDraft) -> dict[str, Any]:
    transfer = find_transfer(draft.id)
    ends = (transfer.from_location_id, transfer.to_location_id)
    if ends != (draft.from_location_id, draft.to_location_id):
        raise Conflict("Another transfer has this id.", pointer="/id")
    return transfer_document(transfer)


def _told(transfer_id: UUID, fact: Any, at: dt.datetime) -> dict[str, Any]:
    document = transfer_document(find_transfer(transfer_id))
    append(fact(entity_id=transfer_id, at=at, state=document))
    return document
