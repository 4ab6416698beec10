"""Something is taken off an order that was placed: its goods come back or are thrown away, the journal tells it."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from pos.fiscal.entries import JournalDraft
from pos.orders.changing import ChangeDraft
from pos.orders.documents import WholeOrder
from pos.orders.journaling import void_entry
from pos.orders.models import OrderLine
from pos.orders.services.opened import OpenOrder
from pos.orders.services.ticket_books import give_goods_back
from pos.pricing.arithmetic import half_up
from pos.registers.journal.services import append_entries
from staff.access.services.approvals import Approver

_AMOUNTS = ("base_minor", "discount_minor", "net_minor", "tax_minor", "total_minor")


def withdraw(
    opened: OpenOrder,
    changes: Sequence[ChangeDraft],
    *,
    before: Mapping[UUID, OrderLine],
    approvers: Mapping[UUID, Approver | None],
) -> None:
    """Bring the goods back as the changes of one line say, and tell the journal of each what it took off, and why.

    The line has its new quantity and amounts by then, `before` the old ones; `changes` are those that took off it,
    `approvers` who approved them, by their keys.
    """
    key = changes[-1].line_id
    if key is None:
        return
    line, was = opened.lines[key], before[key]
    whole = _difference(was, line)
    if not whole.quantity:
        return
    entries, gone = [], Decimal(0)
    for change, line_then, quantity in _steps(was, was.quantity - whole.quantity, changes):
        give_goods_back(
            opened,
            return_id=change.id,
            parts=[(line_then, quantity)],
            goods=change.goods,
            reason=change.reason,
        )
        part = _part(whole, gone, gone + quantity, change)
        entries.append(_entry(opened, change, part, approvers.get(change.id)))
        gone += quantity
    if line.voided_at is None:
        line.withdrawn_quantity = was.withdrawn_quantity + whole.quantity
        line.save(update_fields=["withdrawn_quantity"])
    journal(opened, entries)


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


def _part(whole: OrderLine, gone: Decimal, now: Decimal, change: ChangeDraft) -> OrderLine:
    """What one of several changes took off: from `gone` to `now` of all that was. The parts add up to it."""
    if now - gone == whole.quantity:
        return whole

    def share(amount_minor: int) -> int:
        return _up_to(amount_minor, now, whole.quantity) - _up_to(amount_minor, gone, whole.quantity)

    part = copy.copy(whole)
    part.quantity, part.components = now - gone, []
    if change.kind != "void":
        part.voided_at, part.void_reason = None, ""
    part.base_minor, part.discount_minor = share(whole.base_minor or 0), share(whole.discount_minor)
    part.taxes = [
        {**tax, "net_minor": share(tax["net_minor"]), "tax_minor": share(tax["tax_minor"])}
        for tax in whole.taxes
    ]
    part.total_minor = share(whole.total_minor)
    part.tax_minor = sum(tax["tax_minor"] for tax in part.taxes) if part.taxes else share(whole.tax_minor)
    part.net_minor = part.total_minor - part.tax_minor
    return part


def _up_to(amount_minor: int, quantity: Decimal, whole: Decimal) -> int:
    ratio = Fraction(quantity) / Fraction(whole)
    return half_up(amount_minor * ratio.numerator, ratio.denominator)


def _key(tax: Mapping[str, Any]) -> tuple[Any, ...]:
    return tax["code"], tax["rate"], tax["per_unit_minor"], tax["is_inclusive"]


def _less(tax: Mapping[str, Any], left: Mapping[str, Any] | None) -> dict[str, Any]:
    amounts = {name: tax[name] - (left[name] if left else 0) for name in ("net_minor", "tax_minor")}
    return {**tax, **amounts}
