"""More than was ordered: within the tolerance it is received, above it somebody approves it or it is refused."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import rfc3339
from fynlo.core.errors import FieldProblem
from pos.inventory.errors import AlreadyDone
from pos.inventory.models import StockHead
from pos.inventory.quantities import plain_quantity
from pos.purchasing.arrivals import Arrival
from pos.purchasing.errors import OverReceipt
from pos.purchasing.models import GoodsReceipt, PurchaseOrder, PurchaseOrderLine
from pos.purchasing.tolerance import most_receivable


def check_amounts(
    *,
    arrivals: Sequence[Arrival],
    lines: Mapping[UUID, PurchaseOrderLine],
    order: PurchaseOrder | None,
    is_approved: bool,
    actor: Actor,
) -> bool:
    """Compare what came with what was ordered; True where more was approved. The order's row is locked.

    Raises `AlreadyDone` where somebody else received a line to its end before, `OverReceipt` with a pointer to
    each line that is too much, `Forbidden` for an approval by somebody who may not.
    """
    if order is None:
        return False
    over = list(_too_much(arrivals, lines))
    if not over:
        return False
    if is_approved:
        actor.require("stock.approve")
        return True
    _refuse_done(order, arrivals, lines, over)
    raise OverReceipt(
        over[0].detail
        if len(over) == 1
        else "More came of some lines than was ordered; `errors` names each.",
        errors=over,
    )


def _too_much(arrivals: Sequence[Arrival], lines: Mapping[UUID, PurchaseOrderLine]) -> Iterator[FieldProblem]:
    percent = StockHead.objects.values_list("over_receipt_percent", flat=True).first() or Decimal(0)
    sums = {key: line.received_quantity for key, line in lines.items()}
    for index, each in enumerate(arrivals):
        if not each.quantity:
            continue
        pointer = f"/lines/{index}/quantity"
        if each.ordered_id is None:
            yield FieldProblem(pointer, OverReceipt.code, f"{each.goods.name} was not ordered.")
            continue
        line = lines[each.ordered_id]
        sums[line.pk] += each.quantity
        most = most_receivable(ordered=line.quantity, confirmed=line.confirmed_quantity, percent=percent)
        if sums[line.pk] > most:
            yield FieldProblem(
                pointer,
                OverReceipt.code,
                f"{plain_quantity(sums[line.pk])} {line.unit} would have come of {line.description}: "
                f"{plain_quantity(line.quantity)} were ordered, "
                f"{plain_quantity(line.received_quantity)} came before.",
            )


def _refuse_done(
    order: PurchaseOrder,
    arrivals: Sequence[Arrival],
    lines: Mapping[UUID, PurchaseOrderLine],
    over: Sequence[FieldProblem],
) -> None:
    """Tell who received a line, when nothing of it was left to come."""
    for problem in over:
        ordered_id = arrivals[int(problem.pointer.split("/")[2])].ordered_id
        line = lines.get(ordered_id) if ordered_id is not None else None
        if line is None or line.open_quantity or not line.received_quantity:
            continue
        last = (
            GoodsReceipt.objects.filter(order=order, lines__order_line_id=line.pk, lines__quantity__gt=0)
            .order_by("-recorded_at", "-pk")
            .first()
        )
        if last is None:
            continue
        raise AlreadyDone(
            f"{last.by_name or 'Somebody'} received all of {line.description} at {rfc3339(last.recorded_at)} "
            f"({last.number}).",
            pointer=problem.pointer,
            by=last.by_name,
            at=rfc3339(last.recorded_at),
            state=order.state,
        )
