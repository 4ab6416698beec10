"""Returns to suppliers: each names the movement its goods came by, which is never sent back twice.

The levels are locked before it is looked at what went back already; the database keeps the promise besides
(`reversed_before`, unique per movement and never above what came).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Abs
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from pos.events import GoodsReturned
from pos.inventory.models import StockMovement
from pos.inventory.places import Place
from pos.inventory.quantities import plain_quantity
from pos.inventory.services import Cause, StockChange, record_movements
from pos.inventory.services.level_locks import lock_levels
from pos.inventory.services.settling import settle
from pos.purchasing.days import location_day
from pos.purchasing.drafts import ReturnDraft, ReturnLineDraft, fingerprint
from pos.purchasing.errors import OtherLocation, OverReturn, PurchaseIdConflict, TimeAhead, UnknownGoods
from pos.purchasing.models import GoodsReceipt, GoodsReceiptLine, SupplierReturn, SupplierReturnLine
from pos.purchasing.packs import size_in, stored, value_of
from pos.purchasing.queries.goods import goods_by_id
from pos.purchasing.queries.records import whole_return
from pos.purchasing.queries.states import return_state
from pos.purchasing.services.numbers import RETURNS, next_number


@dataclass(slots=True, kw_only=True)
class _Left:
    """What is left of a purchase movement to send back. Changed while the lines of one return take from it."""

    movement: StockMovement
    reversed_before: Decimal

    @property
    def quantity(self) -> Decimal:
        """How much may still go back."""
        return self.movement.quantity - self.reversed_before


def send_back(*, draft: ReturnDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Record that goods went back, and return the whole state.

    The same draft again is answered with the return as it is. Raises `OverReturn` for more than is left of a
    delivered line, `OtherLocation` for lines of several places or suppliers, `UnknownGoods`, `UnknownUnit`,
    `PurchaseIdConflict`.
    """
    try:
        return run_transaction(partial(_send_back, draft, actor, at))
    except IntegrityError as error:
        if not constraint(error).startswith("pos_supplierreturn_pkey"):
            raise
        before = _before(draft)
        if before is None:
            raise
        return before


def _before(draft: ReturnDraft) -> dict[str, Any] | None:
    known = SupplierReturn.objects.filter(pk=draft.id).values_list("fingerprint", flat=True).first()
    if known is None:
        return None
    if known != fingerprint(draft):
        raise PurchaseIdConflict("Other goods went back under this id.", pointer="/id")
    return return_state(whole_return(return_id=draft.id))


def _send_back(draft: ReturnDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        before = _before(draft)
        if before is not None:
            return before
        lines = _delivered(draft)
        receipt = _one_place(lines)
        happened = draft.returned_at or at
        if happened > at:
            raise TimeAhead("Nothing goes back in the future.", pointer="/returned_at")
        quantities = _quantities(draft, lines)
        number = next_number(series=RETURNS)
        # Whoever sends back of these waits here, so that what went back before is known.
        lock_levels({Place(receipt.location_id, line.variant_id) for line in lines})
        returned = SupplierReturn(
            id=draft.id,
            number=number,
            supplier_id=receipt.supplier_id,
            location_id=receipt.location_id,
            currency=current_tenant().currency,
            reference=draft.reference,
            reason=draft.reason,
            note=draft.note,
            at=happened,
            business_date=location_day(receipt.location, happened),
            recorded_at=at,
            employee_id=actor.employee_id,
            by_name=actor.name,
            fingerprint=fingerprint(draft),
        )
        rows = _rows(returned, draft, lines, quantities)
        changes = _changes(draft, rows, _left_of(lines))
        returned.save(force_insert=True)
        SupplierReturnLine.objects.bulk_create(rows)
        _move_out(returned, changes)
        settle(levels={(returned.location_id, row.variant_id) for row in rows}, at=at)
        state = return_state(whole_return(return_id=returned.pk))
        append(GoodsReturned(entity_id=returned.pk, at=at, state=state))
    return state


def _delivered(draft: ReturnDraft) -> list[GoodsReceiptLine]:
    wanted = [line.receipt_line_id for line in draft.lines]
    found = {
        line.pk: line
        for line in GoodsReceiptLine.objects.select_related("receipt__location").filter(pk__in=wanted)
    }
    for index, key in enumerate(wanted):
        if key not in found:
            raise UnknownGoods("Nothing was delivered as this.", pointer=f"/lines/{index}/receipt_line_id")
    return [found[key] for key in wanted]


def _one_place(lines: Sequence[GoodsReceiptLine]) -> GoodsReceipt:
    first = lines[0].receipt
    for index, line in enumerate(lines):
        if (line.receipt.location_id, line.receipt.supplier_id) != (first.location_id, first.supplier_id):
            raise OtherLocation(
                "A return is from one location to one supplier.", pointer=f"/lines/{index}/receipt_line_id"
            )
    return first


def _quantities(draft: ReturnDraft, lines: Sequence[GoodsReceiptLine]) -> list[Decimal]:
    goods = goods_by_id(ids=[line.variant_id for line in lines])
    found = []
    for index, (said, line) in enumerate(zip(draft.lines, lines, strict=True)):
        known, pointer = goods[line.variant_id], f"/lines/{index}"
        one = size_in(
            quantity=Decimal(1), unit=said.unit or known.unit, goods=known, pointer=f"{pointer}/unit"
        )
        found.append(stored(one * Fraction(said.quantity), pointer=f"{pointer}/quantity"))
    return found


def _left_of(lines: Sequence[GoodsReceiptLine]) -> dict[UUID, list[_Left]]:
    """What may still go back of each line's movements, oldest first."""
    moved = StockMovement.objects.filter(
        document_id__in={line.receipt_id for line in lines},
        document_line_id__in={line.pk for line in lines},
        kind=StockMovement.PURCHASE,
    ).order_by("pk")
    movements = list(moved)
    reversed_before = dict(
        StockMovement.objects.filter(
            original_id__in=[each.pk for each in movements], reversed_before__isnull=False
        )
        .values_list("original_id")
        .annotate(total=Sum(Abs("quantity")))
        .order_by()
    )
    found: dict[UUID, list[_Left]] = {}
    for each in movements:
        left = _Left(movement=each, reversed_before=reversed_before.get(each.pk, Decimal(0)))
        found.setdefault(each.document_line_id, []).append(left)
    return found


def _rows(
    returned: SupplierReturn,
    draft: ReturnDraft,
    lines: Sequence[GoodsReceiptLine],
    quantities: Sequence[Decimal],
) -> list[SupplierReturnLine]:
    return [
        SupplierReturnLine(
            supplier_return=returned,
            position=position,
            receipt_line=line,
            variant_id=line.variant_id,
            description=line.description,
            quantity=quantity,
            unit=line.unit,
            value_minor=_worth(line, quantity),
            reason=said.reason,
        )
        for position, (said, line, quantity) in enumerate(zip(draft.lines, lines, quantities, strict=True))
    ]


def _worth(line: GoodsReceiptLine, quantity: Decimal) -> Decimal | None:
    """What the supplier owes for it: what it had cost."""
    if line.value_minor is None or not line.quantity:
        return None
    return value_of(exact=Fraction(line.value_minor) * Fraction(quantity) / Fraction(line.quantity))


def _changes(
    draft: ReturnDraft, rows: Sequence[SupplierReturnLine], left: dict[UUID, list[_Left]]
) -> list[StockChange]:
    found: list[StockChange] = []
    for index, (said, row) in enumerate(zip(draft.lines, rows, strict=True)):
        sources = _of_lot(said, row, left.get(row.receipt_line_id, []))
        found += _taken(row, sources, f"/lines/{index}/quantity")
    return found


def _of_lot(said: ReturnLineDraft, row: SupplierReturnLine, sources: list[_Left]) -> list[_Left]:
    if not said.lot:
        return sources
    stated = [each["code"] for each in row.receipt_line.lots]
    return [source for source, code in zip(sources, stated, strict=False) if code == said.lot]


def _taken(row: SupplierReturnLine, sources: Iterable[_Left], pointer: str) -> Iterable[StockChange]:
    missing = row.quantity
    for source in sources:
        taken = min(missing, source.quantity)
        if taken <= 0:
            continue
        yield StockChange(
            variant_id=row.variant_id,
            quantity=-taken,
            lot_id=source.movement.lot_id,
            document_line_id=row.pk,
            original_id=source.movement.pk,
            original_quantity=source.movement.quantity,
            reversed_before=source.reversed_before,
        )
        source.reversed_before += taken
        missing -= taken
    if missing:
        left = plain_quantity(row.quantity - missing)
        raise OverReturn(f"Only {left} {row.unit} of {row.description} are left to go back.", pointer=pointer)


def _move_out(returned: SupplierReturn, changes: Sequence[StockChange]) -> None:
    cause = Cause(
        kind=StockMovement.PURCHASE_RETURN,
        location_id=returned.location_id,
        at=returned.at,
        business_date=returned.business_date,
        recorded_at=returned.recorded_at,
        employee_id=returned.employee_id,
        document_id=returned.pk,
        reason=(returned.reason or returned.number)[:200],
    )
    record_movements(cause=cause, changes=sorted(changes, key=lambda change: change.variant_id))
