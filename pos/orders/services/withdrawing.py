"""Something is taken off an order that was placed: its goods come back or are thrown away, the journal tells it."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from pos.fiscal.entries import JournalDraft
from pos.orders.changing import ChangeDraft
from pos.orders.documents import WholeOrder
from pos.orders.journaling import void_entry
from pos.orders.models import OrderLine
from pos.orders.services.opened import OpenOrder
from pos.orders.services.ticket_books import give_goods_back
from pos.registers.journal.services import append_entries
from staff.access.services.approvals import Approver

_AMOUNTS = ("base_minor", "discount_minor", "net_minor", "tax_minor", "total_minor")


def withdraw(
    opened: OpenOrder,
    changes: Sequence[ChangeDraft],
    *,
    before: Mapping[UUID, OrderLine],
    approver: Approver | None,
) -> None:
    """Bring the goods back as the changes of one line say, and write what was taken off into the journal, once.

    The line has its new quantity and amounts by then, `before` the old ones; `changes` are those that took off it.
    """
    change = changes[-1]
    if change.line_id is None:
        return
    line, was = opened.lines[change.line_id], before[change.line_id]
    part = _difference(was, line)
    if not part.quantity:
        return
    for each, line_then, quantity in _steps(was, was.quantity - part.quantity, changes):
        give_goods_back(
            opened, return_id=each.id, parts=[(line_then, quantity)], goods=each.goods, reason=each.reason
        )
    if line.voided_at is None:
        line.withdrawn_quantity = was.withdrawn_quantity + part.quantity
        line.save(update_fields=["withdrawn_quantity"])
    journal(opened, [_entry(opened, change, part, approver)])


def journal(opened: OpenOrder, drafts: list[JournalDraft]) -> None:
    """Add to the journal of the register where it happens; without one, to that of the order's own."""
    register_id = opened.actor.register_id or opened.order.register_id
    append_entries(register_id=register_id, drafts=drafts, recorded_at=opened.heard_at)


def bare(opened: OpenOrder) -> WholeOrder:
    """The order with its numbers and places, as the journal names it."""
    return WholeOrder(
        order=opened.order,
        register_code=opened.order.register.code,
        location_code=opened.order.location.code,
        lines=list(opened.lines.values()),
        taxes=opened.taxes,
        payments=[],
    )


def _steps(
    was: OrderLine, left: Decimal, changes: Sequence[ChangeDraft]
) -> Iterator[tuple[ChangeDraft, OrderLine, Decimal]]:
    """What each change takes off, and the line as it was then; `left` remains in the end."""
    line = copy.copy(was)
    for change in changes:
        quantity = line.quantity - max(change.quantity or Decimal(0), left)
        if quantity > 0:
            yield change, line, quantity
            line = copy.copy(line)
            line.quantity -= quantity
            line.withdrawn_quantity += quantity


def _entry(
    opened: OpenOrder, change: ChangeDraft, part: OrderLine, approver: Approver | None
) -> JournalDraft:
    return void_entry(
        bare(opened),
        line=part,
        reason=change.reason,
        goods=change.goods,
        employee=opened.actor.name if opened.actor.employee_id else "",
        approver="" if approver is None else approver.name,
        at=opened.at,
        business_date=opened.business_date,
    )


def _difference(was: OrderLine, line: OrderLine) -> OrderLine:
    """What was taken off, as a line: all of it where it was voided, else what it has less than before."""
    part = copy.copy(was)
    part.voided_at, part.void_reason = line.voided_at, line.void_reason
    if line.voided_at is None:
        part.quantity = was.quantity - line.quantity
    for name in _AMOUNTS:
        setattr(part, name, (getattr(was, name) or 0) - (getattr(line, name) or 0))
    left = {_key(tax): tax for tax in line.taxes}
    part.taxes = [_less(tax, left.get(_key(tax))) for tax in was.taxes]
    if line.voided_at is None:
        part.components = []  # the amounts of a part's components are not kept; the line's are
    return part


def _key(tax: Mapping[str, Any]) -> tuple[Any, ...]:
    return tax["code"], tax["rate"], tax["per_unit_minor"], tax["is_inclusive"]


def _less(tax: Mapping[str, Any], left: Mapping[str, Any] | None) -> dict[str, Any]:
    amounts = {name: tax[name] - (left[name] if left else 0) for name in ("net_minor", "tax_minor")}
    return {**tax, **amounts}
