"""Which lots a transfer takes where nobody said: those first to expire, decided when it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from fynlo.core.ids import new_id
from pos.catalog.models import Variant
from pos.inventory.errors import LotRequired
from pos.inventory.models import StockTransfer, StockTransferLine
from pos.inventory.models.lots import SERIAL
from pos.inventory.queries.lots import tracking_of
from pos.inventory.services.lots import allocate
from pos.inventory.services.movements import StockChange

NAME_IT: Final = "Serials are never guessed: say which one is sent."


def give_lots(
    transfer: StockTransfer, lines: Sequence[StockTransferLine]
) -> tuple[list[StockTransferLine], list[StockChange]]:
    """The lines as they leave the source, and the movement of each, one for one; the levels are held.

    A line that names no lot takes those first to expire. One that takes several becomes several, in the item's own
    unit, the further ones after all others; what no lot is left of is a line of no lot. New lines are in the
    database, the changed ones are not saved. Raises `LotRequired` for serials that nobody named.
    """
    tracking = tracking_of(variant_ids={line.variant_id for line in lines if line.lot_id is None})
    _check_serials(lines, tracking)
    took = allocate(
        location_id=transfer.from_location_id, changes=[_change(line) for line in lines], tracking=tracking
    )
    parts: dict[UUID | None, list[StockChange]] = {}
    for change in took.changes:
        parts.setdefault(change.document_line_id, []).append(change)
    kept, new = [], []
    for line in lines:
        first, *others = parts[line.pk]
        line.lot_id = first.lot_id
        if others:
            line.quantity = -first.quantity
        kept.append(line)
        new += [(_another(line, change), change) for change in others]
    _in_own_unit([line for line in kept if len(parts[line.pk]) > 1] + [line for line, _ in new])
    for position, (line, _) in enumerate(new, start=max(line.position for line in lines) + 1):
        line.position = position
    StockTransferLine.objects.bulk_create([line for line, _ in new])
    changes = [parts[line.pk][0] for line in kept]
    changes += [replace(change, document_line_id=line.pk) for line, change in new]
    return [*kept, *(line for line, _ in new)], changes


def _check_serials(lines: Sequence[StockTransferLine], tracking: Mapping[UUID, str]) -> None:
    for number, line in enumerate(lines):
        if line.lot_id is None and tracking.get(line.variant_id) == SERIAL:
            raise LotRequired(NAME_IT, pointer=f"/lines/{number}/lot_id")


def _change(line: StockTransferLine) -> StockChange:
    return StockChange(
        variant_id=line.variant_id, quantity=-line.quantity, lot_id=line.lot_id, document_line_id=line.pk
    )


def _another(line: StockTransferLine, change: StockChange) -> StockTransferLine:
    return StockTransferLine(
        id=new_id(),
        transfer_id=line.transfer_id,
        variant_id=line.variant_id,
        lot_id=change.lot_id,
        quantity=-change.quantity,
    )


def _in_own_unit(lines: Sequence[StockTransferLine]) -> None:
    """A box of twelve may be seven of one lot and five of another: it is no box any more."""
    wanted = {line.variant_id for line in lines}
    units = dict(Variant.objects.filter(pk__in=wanted).values_list("pk", "item__unit")) if wanted else {}
    for line in lines:
        line.entered_quantity, line.entered_unit = line.quantity, units[line.variant_id]
