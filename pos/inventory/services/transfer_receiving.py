"""Goods arrive: all of them, a part, more, less, broken; or they are refused and go back.

Every movement of an arrival names the one that took the goods from their source, and how much of that was accounted
for before it: the ledger's own constraints let no part of a sending arrive twice.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.errors import RuleViolation
from fynlo.core.ids import new_id
from fynlo.events.log import append, unit_of_work
from pos.events import StockTransferReceived, StockTransferRejected
from pos.inventory import states
from pos.inventory.errors import OverReceipt, QuantityOutOfRange
from pos.inventory.models import (
    StockHead,
    StockMovement,
    StockTransfer,
    StockTransferArrival,
    StockTransferLine,
)
from pos.inventory.models.transfers import DAMAGED, EXCESS, KEEP, REFUSED, RETURN, SHORT, WASTE
from pos.inventory.queries.transfers import IN_TRANSIT, find_transfer, transfer_document
from pos.inventory.services.first_come import already_done
from pos.inventory.services.movements import StockChange, record_movements
from pos.inventory.services.settling import settle
from pos.inventory.services.transfers import (
    MOVE,
    lock_both_ends,
    lock_transfer,
    movement_cause,
    put_in_transit,
)
from pos.inventory.transfer_drafts import ArrivalDraft, ReceiptDraft
from pos.registers.models import Location

_ZERO: Final = Decimal(0)
MORE_SENT: Final = "more was sent than was said"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A part of a line, and what becomes of it: kept at the destination, wasted there, or returned."""

    line: StockTransferLine
    quantity: Decimal
    outcome: str
    reason: str = ""
    note: str = ""


def receive_transfer(
    *, transfer_id: UUID, draft: ReceiptDraft, actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    """Record what arrived and what did not, and return the transfer's whole state. A receipt again does nothing.

    Raises `Forbidden` without `stock.move`, `NotFound`, `AlreadyDone` when somebody received meanwhile (or all
    of it was), `IllegalTransition` for a draft, `OverReceipt`, `QuantityOutOfRange`, `RuleViolation`.
    """
    actor.require(MOVE)
    return run_transaction(partial(_receive, transfer_id, draft, actor, at))


def reject_transfer(*, transfer_id: UUID, reason: str, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Send back to the source whatever has not arrived yet, and return the transfer's whole state.

    Raises `Forbidden`, `NotFound`, `AlreadyDone`, `IllegalTransition`.
    """
    actor.require(MOVE)
    return run_transaction(partial(_reject, transfer_id, reason, actor, at))


def _receive(transfer_id: UUID, draft: ReceiptDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        transfer = lock_transfer(transfer_id)
        if StockTransferArrival.objects.filter(transfer=transfer, receipt_id=draft.id).exists():
            return transfer_document(find_transfer(transfer_id))
        _check_first(transfer, draft.receipts_seen)
        lines = list(StockTransferLine.objects.filter(transfer=transfer).order_by("position"))
        parts = _parts(lines, draft.lines)
        places = lock_both_ends(transfer, [line.variant_id for line in lines])
        _excess(transfer, parts, actor, at)
        _move(transfer, parts, actor, at)
        _keep(transfer, parts, draft.id, actor, at)
        is_whole = not any(line.open_quantity for line in lines)
        transfer.state = states.TRANSFER.after(transfer.state, "receive_rest" if is_whole else "receive_part")
        transfer.received_at, transfer.received_by_id, transfer.received_by_name = at, actor.id, actor.name
        if is_whole:
            transfer.ended_at, transfer.ended_by_id, transfer.ended_by_name = at, actor.id, actor.name
        transfer.receipt_count += 1
        transfer.save()
        settle(levels=places, at=at)
        document = transfer_document(find_transfer(transfer_id))
        append(StockTransferReceived(entity_id=transfer_id, at=at, state=document))
        return document


def _reject(transfer_id: UUID, reason: str, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        transfer = lock_transfer(transfer_id)
        _check_first(transfer, None)
        transfer.state = states.TRANSFER.after(transfer.state, "reject")
        lines = list(StockTransferLine.objects.filter(transfer=transfer).order_by("position"))
        parts = [
            _Part(line=line, quantity=line.open_quantity, outcome=RETURN, reason=REFUSED, note=reason)
            for line in lines
            if line.open_quantity
        ]
        places = lock_both_ends(transfer, [line.variant_id for line in lines])
        _move(transfer, parts, actor, at)
        _keep(transfer, parts, new_id(), actor, at)
        transfer.reason = reason
        transfer.ended_at, transfer.ended_by_id, transfer.ended_by_name = at, actor.id, actor.name
        transfer.save()
        settle(levels=places, at=at)
        document = transfer_document(find_transfer(transfer_id))
        append(StockTransferRejected(entity_id=transfer_id, at=at, state=document))
        return document


def _check_first(transfer: StockTransfer, receipts_seen: int | None) -> None:
    """Raise `AlreadyDone` for a transfer that ended, or that somebody received since it was looked at."""
    what = f"Transfer {transfer.number}"
    if transfer.state not in IN_TRANSIT and transfer.ended_at is not None:
        raise already_done(
            what=what,
            did=transfer.state,
            by=transfer.ended_by_name,
            at=transfer.ended_at,
            state=transfer.state,
        )
    states.TRANSFER.after(transfer.state, "receive_part")
    if receipts_seen is not None and receipts_seen != transfer.receipt_count:
        raise already_done(
            what=what,
            did="partly received",
            by=transfer.received_by_name,
            at=transfer.received_at,
            state=transfer.state,
        )


def _parts(lines: Sequence[StockTransferLine], drafts: Sequence[ArrivalDraft]) -> list[_Part]:
    """What becomes of which part, checked against what is still on its way."""
    by_key = {line.pk: line for line in lines}
    percent = StockHead.objects.values_list("over_receipt_percent", flat=True).first() or _ZERO
    parts: list[_Part] = []
    seen: set[UUID] = set()
    for number, draft in enumerate(drafts):
        pointer = f"/lines/{number}"
        line = by_key.get(draft.line_id)
        if line is None:
            raise RuleViolation("There is no such line in this transfer.", pointer=f"{pointer}/line_id")
        if line.pk in seen:
            raise RuleViolation("This line is stated twice.", pointer=f"{pointer}/line_id")
        seen.add(line.pk)
        parts += _line_parts(line, draft, percent, pointer)
    if not parts:
        raise QuantityOutOfRange("Say what arrived, or what is missing.", pointer="/lines")
    return parts


def _line_parts(line: StockTransferLine, draft: ArrivalDraft, percent: Decimal, pointer: str) -> list[_Part]:
    if draft.received < 0:
        raise QuantityOutOfRange("What arrives is zero or more.", pointer=f"{pointer}/received")
    rest = line.open_quantity
    parts = []
    for number, missing in enumerate(draft.missing):
        where = f"{pointer}/missing/{number}"
        if missing.reason not in (SHORT, DAMAGED) or missing.outcome not in (WASTE, RETURN):
            raise RuleViolation("Say why it is missing, and what becomes of it.", pointer=f"{where}/reason")
        if not 0 < missing.quantity <= rest:
            raise QuantityOutOfRange(
                "No more can be missing than is on its way.", pointer=f"{where}/quantity"
            )
        rest -= missing.quantity
        parts.append(
            _Part(
                line=line,
                quantity=missing.quantity,
                outcome=missing.outcome,
                reason=missing.reason,
                note=missing.note,
            )
        )
    excess = max(draft.received - rest, _ZERO)
    # Cross-multiplied, so nothing is rounded: what is beyond over all receipts, and what is allowed to be.
    beyond = line.received + line.wasted + line.returned + draft.received - line.quantity
    beyond += sum((part.quantity for part in parts), _ZERO)
    if excess and beyond * 100 > line.quantity * percent:
        raise OverReceipt(
            f"{draft.received} would arrive where {rest} are on their way.", pointer=f"{pointer}/received"
        )
    if draft.received - excess:
        parts.append(_Part(line=line, quantity=draft.received - excess, outcome=KEEP))
    if excess:
        parts.append(_Part(line=line, quantity=excess, outcome=KEEP, reason=EXCESS))
    return parts


def _excess(transfer: StockTransfer, parts: Sequence[_Part], actor: Actor, at: dt.datetime) -> None:
    """What arrives beyond what was said left the source, too: it leaves it now, and arrives by its own movement."""
    more = [part for part in parts if part.reason == EXCESS]
    if not more:
        return
    source = Location.objects.get(pk=transfer.from_location_id)
    destination = Location.objects.get(pk=transfer.to_location_id)
    cause = movement_cause(
        transfer=transfer,
        kind=StockMovement.TRANSFER_OUT,
        location=source,
        actor=actor,
        at=at,
        reason=MORE_SENT,
    )
    leaving = [_change(part, -part.quantity) for part in more]
    record_movements(cause=cause, changes=leaving)
    left = StockMovement.objects.filter(
        document_id=transfer.pk, kind=StockMovement.TRANSFER_OUT, reason=MORE_SENT, at=at
    ).order_by("-id")
    by_line = {row.document_line_id: row for row in left[: len(more)]}
    coming = [
        _change(part, part.quantity, original=by_line[part.line.pk].pk, of=part.quantity, before=_ZERO)
        for part in more
    ]
    cause = movement_cause(
        transfer=transfer, kind=StockMovement.TRANSFER_IN, location=destination, actor=actor, at=at
    )
    record_movements(cause=cause, changes=coming)


def _move(transfer: StockTransfer, parts: Sequence[_Part], actor: Actor, at: dt.datetime) -> None:
    """What was on its way arrives at one end or the other; what is written off arrives first, and is wasted."""
    source = Location.objects.get(pk=transfer.from_location_id)
    destination = Location.objects.get(pk=transfer.to_location_id)
    arriving, returning = _arrivals(parts)
    for location, changes in ((destination, arriving), (source, returning)):
        cause = movement_cause(
            transfer=transfer, kind=StockMovement.TRANSFER_IN, location=location, actor=actor, at=at
        )
        record_movements(cause=cause, changes=changes)
    _waste(transfer, [part for part in parts if part.outcome == WASTE], destination, actor, at)
    gone = [
        StockChange(variant_id=change.variant_id, quantity=-change.quantity)
        for change in (*arriving, *returning)
    ]
    put_in_transit(location_id=transfer.to_location_id, changes=gone)


def _arrivals(parts: Sequence[_Part]) -> tuple[list[StockChange], list[StockChange]]:
    """One movement per line and end: what comes to the destination, what goes back to the source."""
    arriving, returning = [], []
    for line in {part.line.pk: part.line for part in parts}.values():
        own = [part for part in parts if part.line is line and part.reason != EXCESS]
        before = line.received + line.wasted + line.returned
        here = sum((part.quantity for part in own if part.outcome != RETURN), _ZERO)
        back = sum((part.quantity for part in own if part.outcome == RETURN), _ZERO)
        said: dict[str, Any] = {"original": line.movement_id, "of": line.quantity}
        if here:
            arriving.append(_change(own[0], here, **said, before=before))
        if back:
            returning.append(_change(own[0], back, **said, before=before + here))
    return arriving, returning


def _waste(
    transfer: StockTransfer, parts: Sequence[_Part], location: Location, actor: Actor, at: dt.datetime
) -> None:
    """Write off what did not arrive whole, by reason; each names the arrival it was a part of."""
    arrived = StockMovement.objects.filter(
        document_id=transfer.pk, kind=StockMovement.TRANSFER_IN, location=location
    ).order_by("id")
    by_out = {row.original_id: row.pk for row in arrived}
    for reason in (SHORT, DAMAGED):
        changes = [
            _change(part, -part.quantity, original=by_out[part.line.movement_id])
            for part in parts
            if part.reason == reason
        ]
        cause = movement_cause(
            transfer=transfer,
            kind=StockMovement.WASTE,
            location=location,
            actor=actor,
            at=at,
            reason=f"transfer: {reason}",
        )
        record_movements(cause=cause, changes=changes)


def _keep(
    transfer: StockTransfer, parts: Sequence[_Part], receipt_id: UUID, actor: Actor, at: dt.datetime
) -> None:
    """What became of each part, and of the lines by it."""
    rows = [
        StockTransferArrival(
            id=new_id(),
            transfer=transfer,
            line=part.line,
            receipt_id=receipt_id,
            quantity=part.quantity,
            reason=part.reason,
            outcome=part.outcome,
            note=part.note,
            at=at,
            employee_id=actor.id,
            employee_name=actor.name,
        )
        for part in parts
    ]
    StockTransferArrival.objects.bulk_create(rows)
    for part in parts:
        if part.outcome == WASTE:
            part.line.wasted += part.quantity
        elif part.outcome == RETURN:
            part.line.returned += part.quantity
        else:
            part.line.received += part.quantity
    lines = list({part.line.pk: part.line for part in parts}.values())
    StockTransferLine.objects.bulk_update(lines, ["received", "wasted", "returned"])


def _change(
    part: _Part,
    quantity: Decimal,
    *,
    original: UUID | None = None,
    of: Decimal | None = None,
    before: Decimal | None = None,
) -> StockChange:
    return StockChange(
        variant_id=part.line.variant_id,
        quantity=quantity,
        lot_id=part.line.lot_id,
        document_line_id=part.line.pk,
        original_id=original,
        original_quantity=of,
        reversed_before=before,
    )
