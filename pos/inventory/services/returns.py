"""Goods of an order come back: onto the shelf, or through it into the bin. Each part of a line once.

Whoever voids, cancels or refunds calls `return_sale`. A `return` movement names the movement of the sale it
reverses and how much of it was reversed before; the tables refuse the same part twice, so two refunds at once
need no lock of the order. What is thrown away came back first: a `waste` movement follows that names the return.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint
from fynlo.core.errors import FieldProblem
from fynlo.events.log import append, unit_of_work
from pos.events import StockReturned
from pos.inventory.errors import ForeignLot, MoreThanLeft, ReturnIdConflict
from pos.inventory.models import StockLevel, StockMovement, StockReturn, StockReturnLine
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.returns import return_document, returned_quantities, sold_movements
from pos.inventory.returning import Back, LotNotSold, Reversal, reversals
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.settling import settle

_ATTEMPTS: Final = 5
# Whoever loses looks again: the same return is there by then, or less is left, or nothing.
_GUARDS: Final = ("pos_stockreturn_pkey", "pos_stockreturnline_once", "pos_stockmovement_reversed_once")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLine:
    """`quantity` of an order's line that comes back; `line_quantity` is what was sold. `lot_id` if it is known."""

    order_line_id: UUID
    line_quantity: Decimal
    quantity: Decimal
    is_waste: bool = False
    lot_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDraft:
    """A return to a location; `id` is the refund's. A line may come in several parts.

    `stated_at` is when whoever took it back said that it was; None: they did not.
    """

    id: UUID
    order_id: UUID
    location_id: UUID
    lines: tuple[ReturnedLine, ...]
    reason: str = ""
    stated_at: dt.datetime | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over what was said, in hexadecimal."""
        lines = [
            [str(line.order_line_id), plain_quantity(line.quantity), line.is_waste, str(line.lot_id)]
            for line in self.lines
        ]
        said: list[Any] = [str(self.order_id), str(self.location_id), lines, self.reason]
        if self.stated_at is not None:
            said.append(self.stated_at.isoformat())
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def return_sale(
    *,
    draft: ReturnDraft,
    actor: Actor,
    at: dt.datetime,
    business_date: dt.date,
    recorded_at: dt.datetime | None = None,
    sold_next: Collection[UUID] = (),
) -> dict[str, Any]:
    """Take goods back, settle their costs, tell the feed; returns the return's document.

    They came back `at`, a moment of `business_date`; that is written down at `recorded_at`, or then. Whoever sells
    other variants here in the same transaction names them (`sold_next`): all levels are locked in one turn.
    The same draft again is answered with what it was; nothing comes back twice. Lines of which no stock was kept
    are recorded and move nothing. Who may do this is the caller's to ask. Raises `MoreThanLeft` and `ForeignLot`
    with pointers into `draft.lines`, `ReturnIdConflict` for another return under the same id.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with unit_of_work():
                return _known(draft) or _write(draft, actor, at, business_date, recorded_at or at, sold_next)
        except IntegrityError as error:
            if attempt == _ATTEMPTS or not constraint(error).startswith(_GUARDS):
                raise
    raise AssertionError("unreachable")


def _known(draft: ReturnDraft) -> dict[str, Any] | None:
    made = StockReturn.objects.filter(pk=draft.id).first()
    if made is None:
        return None
    if made.digest != draft.digest:
        raise ReturnIdConflict("Ids are made once and never used again.", pointer="/id")
    return return_document(made, StockReturnLine.objects.filter(stock_return=made))


def _write(
    draft: ReturnDraft,
    actor: Actor,
    at: dt.datetime,
    business_date: dt.date,
    recorded_at: dt.datetime,
    sold_next: Collection[UUID],
) -> dict[str, Any]:
    backs = _backs(draft.lines)
    keys = {line.order_line_id for line in draft.lines}
    try:
        parts = reversals(backs=backs, gone=sold_movements(order_line_ids=keys))
    except LotNotSold as error:
        detail = "So much of this lot is not left of the line."
        raise ForeignLot(detail, pointer=f"/lines/{error.index}/lot_id") from error
    made = StockReturn.objects.create(
        id=draft.id,
        order_id=draft.order_id,
        location_id=draft.location_id,
        reason=draft.reason,
        employee_id=actor.employee_id,
        employee_name=actor.name if actor.employee_id else "",
        at=at,
        business_date=business_date,
        digest=draft.digest,
    )
    lines = _lines(made, backs)
    # By key, so that two returns of the same lines wait for each other and never in a circle.
    StockReturnLine.objects.bulk_create(
        sorted(lines, key=lambda line: (line.order_line_id, line.returned_before))
    )
    if sold_next:
        _hold_levels(draft.location_id, {*sold_next, *(part.gone.variant_id for part in parts)})
    _move(made, parts, recorded_at)
    settle(levels={(draft.location_id, part.gone.variant_id) for part in parts}, at=recorded_at)
    document = return_document(made, lines)
    append(StockReturned(entity_id=made.id, at=recorded_at, state=document))
    return document


def _hold_levels(location_id: UUID, variant_ids: Collection[UUID]) -> None:
    """Lock these levels in the order of their variants' keys. One that is not there yet is made when it is sold."""
    levels = StockLevel.objects.filter(location_id=location_id, variant_id__in=variant_ids)
    list(levels.order_by("variant_id").select_for_update(no_key=True).values_list("variant_id"))


def _backs(lines: Sequence[ReturnedLine]) -> list[Back]:
    """Each part with what came back before it. Raises `MoreThanLeft` with a pointer to each that is too much."""
    before = returned_quantities(order_line_ids={line.order_line_id for line in lines})
    backs, problems = [], []
    for index, line in enumerate(lines):
        gone = before.get(line.order_line_id, Decimal(0))
        left = line.line_quantity - gone
        if line.quantity > left:
            detail = f"Only {plain_quantity(max(left, Decimal(0)))} of this line can still come back."
            problems.append(FieldProblem(f"/lines/{index}/quantity", MoreThanLeft.code, detail))
        before[line.order_line_id] = gone + line.quantity
        backs.append(
            Back(
                order_line_id=line.order_line_id,
                line_quantity=line.line_quantity,
                before=gone,
                quantity=line.quantity,
                is_waste=line.is_waste,
                lot_id=line.lot_id,
            )
        )
    if problems:
        raise MoreThanLeft(problems[0].detail, errors=problems)
    return backs


def _lines(made: StockReturn, backs: Iterable[Back]) -> list[StockReturnLine]:
    return [
        StockReturnLine(
            stock_return=made,
            position=position,
            order_line_id=back.order_line_id,
            line_quantity=back.line_quantity,
            returned_before=back.before,
            quantity=back.quantity,
            wasted=back.quantity if back.is_waste else Decimal(0),
            lot_id=back.lot_id,
        )
        for position, back in enumerate(backs)
    ]


def _move(made: StockReturn, parts: Sequence[Reversal], recorded_at: dt.datetime) -> None:
    """The goods come back; then what is thrown away goes again, named after what came."""
    record_movements(
        cause=_cause(made, StockMovement.RETURN, recorded_at),
        changes=[
            StockChange(
                variant_id=part.gone.variant_id,
                quantity=part.quantity,
                order_line_id=part.gone.order_line_id,
                lot_id=part.gone.lot_id,
                original_id=part.gone.id,
                original_quantity=part.gone.quantity,
                reversed_before=part.gone.reversed_before,
            )
            for part in parts
        ],
    )
    wasted = {part.gone.id: part.wasted for part in parts if part.wasted}
    if not wasted:
        return
    came = StockMovement.objects.filter(document_id=made.id, original_id__in=wasted).order_by("id")
    record_movements(
        cause=_cause(made, StockMovement.WASTE, recorded_at),
        changes=[
            # Not the line's: what it cost is a loss by then, and no cost of goods that were sold.
            StockChange(
                variant_id=back.variant_id,
                quantity=-wasted[back.original_id],
                lot_id=back.lot_id,
                original_id=back.id,
                original_quantity=back.quantity,
                reversed_before=Decimal(0),
            )
            for back in came
        ],
    )


def _cause(made: StockReturn, kind: str, recorded_at: dt.datetime) -> Cause:
    return Cause(
        kind=kind,
        location_id=made.location_id,
        at=made.at,
        business_date=made.business_date,
        recorded_at=recorded_at,
        employee_id=made.employee_id,
        order_id=made.order_id,
        document_id=made.id,
        reason=made.reason,
    )
