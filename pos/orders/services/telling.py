"""What an order's history keeps of a change: how it was before and after, in the words of the change."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pos.orders.changing import NOTES, ChangeDraft
from pos.orders.drafts import BasketDraft
from pos.orders.models import Order, OrderLine
from pos.orders.services.ticket_books import state_of
from pos.orders.stored_drafts import stored_draft

Told = dict[str, Any] | None

_MEMBERS = {
    "charges": ("waived_charges",),
    "coupons": ("coupons",),
    "customer": ("customer", "customer_group", "exempt"),
    "covers": ("covers",),
    "order_type": ("order_type",),
    "discount": ("discounts",),
    "note": NOTES,
    "name": ("name",),
}
"""Kinds of changes of the whole order → the members of the basket they are about."""


def before_of(change: ChangeDraft, *, draft: BasketDraft, lines: Mapping[UUID, OrderLine]) -> Told:
    """How it was: nothing for what was added."""
    if change.kind == "owner":
        return None
    return None if change.line is not None else _told(change, draft, lines)


def after_of(
    change: ChangeDraft, *, draft: BasketDraft, lines: Mapping[UUID, OrderLine], order: Order
) -> Told:
    """How it is."""
    if change.kind == "owner":
        return {"employee_id": str(order.employee_id), "name": order.employee_name}
    if change.line is not None:
        return state_of(lines[change.line.id])
    return _told(change, draft, lines)


def _told(change: ChangeDraft, draft: BasketDraft, lines: Mapping[UUID, OrderLine]) -> Told:
    if change.line_id is None:
        stored = stored_draft(draft)
        return {name: stored.get(name) for name in _MEMBERS[change.kind]}
    line = lines[change.line_id]
    if change.kind == "note":
        return {name: getattr(line, name) for name in NOTES}
    if change.kind == "order_type":
        return {"order_type": line.order_type or None, **state_of(line)}
    return state_of(line)
