"""The rows of a planned refund: what is written, and nothing that writes."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from pos.orders.flags import Flag, wrong_clock
from pos.orders.models import OrderLine, Refund, RefundLine
from pos.orders.refund_documents import LineTold
from pos.orders.refund_shares import Amounts, Back
from pos.orders.refund_values import stored_nets, stored_taxes
from pos.orders.services.refund_plan import RefundPlan
from staff.access.services.approvals import Approver


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a refund only once its register is held: numbers, drawer, who answers for it.

    `sold_next` are the variants that an exchange sells in the same transaction.
    """

    number: int
    drawer_id: UUID | None
    session_id: UUID | None
    approver: Approver | None
    flags: tuple[Flag, ...]
    digest: str
    exchange_order_id: UUID | None = None
    sold_next: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """The order that a refund pays for in its own transaction: whose rows are locked in one turn with the refund's.

    `digest` is of both together.
    """

    order_id: UUID
    digest: str
    variant_ids: frozenset[UUID]
    house_account_ids: frozenset[UUID]
    value_ids: frozenset[UUID]
    reservation_id: UUID | None


def refund_row(plan: RefundPlan, facts: Facts) -> Refund:
    """The refund's own row, without its document."""
    amounts, actor = plan.amounts_back.amounts, plan.actor
    return Refund(
        id=plan.draft.id,
        order_id=plan.order.pk,
        position=len(plan.made),
        kind="exchange" if facts.exchange_order_id else plan.kind,
        register_id=plan.place.id,
        location_id=plan.place.location_id,
        session_id=facts.session_id,
        number=facts.number,
        currency=plan.order.currency,
        net_minor=amounts.net_minor,
        tax_minor=amounts.tax_minor,
        total_minor=amounts.total_minor,
        tip_minor=plan.tip_minor,
        amount_minor=plan.amount_minor,
        rounding_minor=plan.money.rounding_minor,
        goodwill_minor=0 if plan.goodwill is None else plan.goodwill.amounts.total_minor,
        refunded_before_minor=plan.order.refunded_minor,
        paid_minor=plan.order.paid_minor,
        taxes=stored_taxes(amounts),
        charges=_charges(plan.goods, plan.goodwill),
        exchange_order_id=facts.exchange_order_id,
        reason=plan.draft.reason,
        device_id=actor.device_id,
        employee_id=actor.employee_id,
        employee_name=actor.name if actor.employee_id else "",
        approver_id=None if facts.approver is None else facts.approver.id,
        approver_name="" if facts.approver is None else facts.approver.name,
        at=plan.at,
        recorded_at=plan.recorded_at,
        business_date=plan.business_date,
        flags=[*plan.flags, *facts.flags, *_odd(plan, facts)],
        digest=facts.digest,
    )


def line_rows(plan: RefundPlan) -> list[LineTold]:
    """A row for each entry of what came back, and after them one for what money each line lost without goods."""
    parts: list[tuple[UUID, Decimal, Amounts, str]] = [
        (draft.order_line_id, draft.quantity, back.line(draft.order_line_id), draft.goods)
        for draft, back in plan.came
    ]
    if plan.goodwill is not None:
        parts += [(key, Decimal(0), amounts, "none") for key, amounts in plan.goodwill.lines.items()]
    sold = {line.id: line for line in plan.sold.lines}
    rows = {row.id: row for row in plan.whole.lines_left}
    before = plan.history.back
    told = []
    for position, (key, quantity, amounts, where) in enumerate(parts):
        row = RefundLine(
            refund_id=plan.draft.id,
            position=position,
            order_line_id=key,
            variant_id=rows[key].variant_id,
            line_quantity=sold[key].quantity,
            quantity_before=before.quantity(key),
            quantity=quantity,
            line_total_minor=sold[key].amounts.total_minor,
            total_before_minor=before.line(key).total_minor,
            goods=where,
            **line_values(amounts),
        )
        before += Back(quantities={key: quantity}, lines={key: amounts})
        told.append(_told(row, rows[key]))
    return told


def line_values(amounts: Amounts) -> dict[str, Any]:
    """The amounts of a refund's line as its row keeps them."""
    return {
        "net_minor": amounts.net_minor,
        "tax_minor": amounts.tax_minor,
        "total_minor": amounts.total_minor,
        "nets": stored_nets(amounts),
        "taxes": stored_taxes(amounts),
    }


def _told(row: RefundLine, line: OrderLine) -> LineTold:
    return LineTold(row=row, sku=line.sku, name=line.name, unit=line.unit)


def _charges(goods: Back, goodwill: Back | None) -> dict[str, Any] | None:
    kept = {
        name: {"nets": stored_nets(back.charges), "taxes": stored_taxes(back.charges)}
        for name, back in (("goods", goods), ("goodwill", goodwill))
        if back is not None and (back.charges.nets or back.charges.taxes)
    }
    return kept or None


def _odd(plan: RefundPlan, facts: Facts) -> list[Flag]:
    flags: list[Flag] = []
    if plan.draft.at is not None:
        flags += wrong_clock(stated=plan.draft.at, began_at=plan.order.placed_at, at=plan.recorded_at)
    if facts.session_id is None and any(row.terms.gives_change for row in plan.money.rows):
        flags.append({"code": "no_open_session", "pointer": ""})
    return flags
