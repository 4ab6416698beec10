"""Who answers for a change besides the one who makes it: discounts, typed prices, and what is taken off again."""

from collections.abc import Mapping
from uuid import UUID

from pos.orders.basket import Basket
from pos.orders.changing import ChangeDraft
from pos.orders.limits import approve_discounts, approve_prices, has_price_by_hand
from pos.orders.models import OrderLine
from pos.orders.services.opened import OpenOrder
from staff.access.services.approvals import Approver, approver_for

VOID = "orders.void"


def approver_of(
    opened: OpenOrder,
    change: ChangeDraft,
    *,
    basket: Basket | None,
    before: Mapping[UUID, OrderLine],
) -> Approver | None:
    """None where the actor may do it by themselves. The subject of an approval is always the order.

    Raises `ApprovalRequired` and `ApprovalInvalid`.
    """
    if opened.is_placed and change.kind in {"void", "adjust"} and change.line_id is not None:
        taken = before[change.line_id].total_minor - opened.lines[change.line_id].total_minor
        return _void(opened, change, amount_minor=max(taken, 0))
    if basket is None:
        return None
    if _gives_discount(change):
        return approve_discounts(
            basket=basket,
            actor=opened.actor,
            subject_id=opened.order.id,
            at=opened.at,
            token=change.approval,
        )
    key = change.line.id if change.line is not None else change.line_id
    if change.kind in {"add", "override"} and key is not None and has_price_by_hand(basket, line_ids={key}):
        return approve_prices(
            basket=basket,
            actor=opened.actor,
            subject_id=opened.order.id,
            at=opened.at,
            token=change.approval,
            line_ids={key},
        )
    return None


def _gives_discount(change: ChangeDraft) -> bool:
    if change.line is not None:
        return bool(change.line.discounts)
    return bool(change.discounts or change.waived_charges) or change.exempt is True


def _void(opened: OpenOrder, change: ChangeDraft, *, amount_minor: int) -> Approver | None:
    return approver_for(
        actor=opened.actor,
        limit="void_minor",
        permission=VOID,
        token=change.approval,
        action="void",
        subject_id=opened.order.id,
        at=opened.at,
        amount_minor=amount_minor,
    )
