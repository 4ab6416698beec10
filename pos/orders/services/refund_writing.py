"""Writing a refund, with or without an order: its rows, the money, the goods, the books and the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Protocol
from uuid import UUID

import orjson
from django.db import transaction

from fynlo.core.actors import Actor
from fynlo.core.inserts import insert_rows
from payments.credit.services import charge_accounts
from payments.gateways.models import Attempt
from payments.gateways.services import plan_refund, send_refund, withhold_refund
from payments.ledger.services import Posting, record_transfers
from payments.tenders.kinds import CASH, EXCHANGE, HOUSE_ACCOUNT
from payments.tenders.models import Refund as MoneyBack
from payments.tenders.services import tender_account
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.returns import returned_quantities
from pos.inventory.services.returns import ReturnDraft, ReturnedLine, return_sale
from pos.orders.flags import Flag
from pos.orders.journaling import Refunded, RefundedLine, RefundedTender, refund_entry
from pos.orders.models import Refund
from pos.orders.models.refunds import NOTHING, WASTE
from pos.orders.refund_documents import LineTold, MoneyTold, WholeRefund, refund_document, told_lines
from pos.orders.refund_drafts import LooseRefundDraft, RefundDraft
from pos.orders.refund_shares import Amounts
from pos.orders.refund_transfers import MoneyOut, refund_moves
from pos.orders.services.drawer_cash import cash_given
from pos.orders.services.refund_cards import credit_cards
from pos.orders.services.refund_disputes import DISPUTED
from pos.orders.services.refund_money import MoneyPlan
from pos.orders.services.refund_plan import RefundPlan
from pos.orders.services.refund_rows import Facts
from pos.orders.whole import reference
from pos.registers.journal.services import append_entries
from pos.registers.queries import RegisterPlace
from pos.registers.services.sale_cash import record_refund_cash


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A refund that was written, and its document."""

    whole: WholeRefund
    document: dict[str, Any]


class AnyPlan(Protocol):
    """What a refund of an order and one without a receipt have in common."""

    @property
    def actor(self) -> Actor: ...
    @property
    def place(self) -> RegisterPlace: ...
    @property
    def money(self) -> MoneyPlan: ...
    @property
    def draft(self) -> RefundDraft | LooseRefundDraft: ...


def write_refund(plan: RefundPlan, facts: Facts, *, refund: Refund, lines: Sequence[LineTold]) -> Written:
    """Write the refund of an order; the caller holds its register and its row."""
    back, flags = _goods_back(plan)
    refund.flags = [*refund.flags, *flags]
    whole = WholeRefund(
        refund=refund,
        register_code=plan.place.code,
        location_code=plan.place.location_code,
        lines=told_lines(lines),
        money=told_money(plan.money),
        order_reference=reference(register_code=plan.whole.register_code, number=plan.order.number),
        order_receipt=plan.whole.receipt_reference,
        return_id=None if back is None else back.id,
    )
    document = write_money(plan, facts, whole=whole, rows=lines, order_id=plan.order.pk)
    if back is not None:
        return_sale(
            draft=back,
            actor=plan.actor,
            at=plan.at,
            business_date=plan.business_date,
            recorded_at=plan.recorded_at,
            sold_next=facts.sold_next,
        )
    write_books(plan, whole=whole, amounts=plan.amounts_back.amounts)
    return Written(whole=whole, document=document)


def told_money(money: MoneyPlan, *, is_loose: bool = False) -> list[MoneyTold]:
    """The money of a refund as its document tells it."""
    return [
        MoneyTold(
            id=row.id,
            payment_id=None if is_loose else row.part.payment.id,
            tender_type=row.terms.code,
            name=row.terms.name,
            amount_minor=row.part.amount_minor,
            given_minor=row.part.given_minor,
            last4=row.last4,
            reference=row.reference,
            house_account=None if row.house is None else row.house.name,
            stored_value=None if row.value is None else (row.value.id, row.value.shown),
            foreign=row.foreign,
            foreign_rate=row.foreign_rate,
        )
        for row in money.rows
    ]


def write_money(
    plan: AnyPlan,
    facts: Facts,
    *,
    whole: WholeRefund,
    rows: Sequence[LineTold],
    order_id: UUID | None,
) -> dict[str, Any]:
    """The refund's rows, the rows of money, what house accounts owe less, and what left the drawer."""
    refund = whole.refund
    document = refund_document(whole)
    refund.document = orjson.dumps(document).decode()
    insert_rows([refund], [each.row for each in rows])
    houses: dict[UUID, int] = {}
    for each in plan.money.rows:
        if each.house is not None:
            houses[each.house.id] = houses.get(each.house.id, 0) - each.part.given_minor
    charge_accounts(amounts=houses)
    # Opens what the rows of money refer to.
    credit_cards(money=plan.money.rows, refund=refund, is_fact=plan.draft.at is not None)
    # By payment, so that two refunds of one order wait for each other and never in a circle.
    money = sorted(
        _money_rows(plan, refund), key=lambda row: (str(row.payment_id), row.refunded_before_minor)
    )
    insert_rows(money)
    _send_back(plan, refund)
    record_refund_cash(
        cash=cash_given(plan.money),
        refund_id=refund.id,
        order_id=order_id,
        register_id=refund.register_id,
        session_id=refund.session_id,
        drawer_id=facts.drawer_id,
        currency=refund.currency,
        employee_id=refund.employee_id,
        at=refund.at,
        business_date=refund.business_date,
    )
    return document


def _send_back(plan: AnyPlan, refund: Refund) -> None:
    """What goes back the way it came through a payment provider is carried out there, after COMMIT."""
    back = {
        row.id: row
        for row in plan.money.rows
        if row.part.given_minor > 0
        and row.terms.kind not in (CASH, HOUSE_ACCOUNT, EXCHANGE)
        and row.terms.code == row.part.payment.tender_type
    }
    if refund.order_id is None or not back:
        return
    payments = {row.part.payment.id for row in back.values()}
    taken = set(Attempt.objects.filter(pk__in=payments).order_by("id").values_list("pk", flat=True))
    disputed = {flag["payment_id"] for flag in refund.flags if flag["code"] == DISPUTED}
    for key, row in sorted(back.items(), key=lambda each: each[1].part.payment.id):
        if row.part.payment.id in taken:
            planned = plan_refund(
                attempt_id=row.part.payment.id,
                part_id=key,
                amount_minor=row.part.given_minor,
                reason=refund.reason,
                at=refund.recorded_at,
                business_date=refund.business_date,
                pointer="/tenders",
            )
            if str(row.part.payment.id) in disputed:
                withhold_refund(refund_id=planned.pk, at=refund.recorded_at)
                continue
            # At once, as the guest waits; a sweep repeats it. Its failure is no failure of the refund's.
            by = plan.actor.name
            send = partial(send_refund, refund_id=planned.pk, at=refund.recorded_at, by=by)
            transaction.on_commit(send, robust=True)


def write_books(plan: AnyPlan, *, whole: WholeRefund, amounts: Amounts) -> None:
    """The transfers of a refund, and what the register's journal tells of it."""
    refund = whole.refund
    money = [
        MoneyOut(
            account=tender_account(terms=each.terms, house=each.house),
            amount_minor=each.part.amount_minor,
            given_minor=each.part.given_minor,
        )
        for each in plan.money.rows
    ]
    moves = refund_moves(amounts=amounts, tip_minor=refund.tip_minor, money=money)
    record_transfers(
        postings=[
            Posting(
                debit=move.debit,
                credit=move.credit,
                amount_minor=move.amount_minor,
                kind=move.kind,
                payment_id=None if move.part is None else plan.money.rows[move.part].id,
            )
            for move in moves
        ],
        currency=refund.currency,
        order_id=refund.order_id,
        at=refund.at,
        business_date=refund.business_date,
        register_id=refund.register_id,
    )
    append_entries(
        register_id=refund.register_id,
        drafts=[refund_entry(_refunded(whole))],
        recorded_at=refund.recorded_at,
    )


def _money_rows(plan: AnyPlan, refund: Refund) -> list[MoneyBack]:
    before: dict[UUID, int] = {}
    rows = []
    for each in plan.money.rows:
        paid = each.part.payment
        gone = before.setdefault(paid.id, paid.refunded_minor)
        rows.append(
            MoneyBack(
                id=each.id,
                refund_id=refund.id,
                payment_id=None if refund.order_id is None else paid.id,
                tender_type_id=each.terms.id,
                amount_minor=each.part.amount_minor,
                rounding_minor=each.part.rounding_minor,
                refunded_before_minor=gone,
                payment_amount_minor=paid.amount_minor,
                card_last4=each.last4,
                reference=each.reference,
                house_account_id=None if each.house is None else each.house.id,
                stored_value_id=None if each.value is None else each.value.id,
                currency=refund.currency,
                foreign_currency="" if each.foreign is None else each.foreign.currency,
                foreign_minor=None if each.foreign is None else each.foreign.minor,
                foreign_rate=each.foreign_rate,
                register_id=refund.register_id,
                employee_id=refund.employee_id,
                at=refund.at,
                business_date=refund.business_date,
            )
        )
        before[paid.id] = gone + each.part.amount_minor
    return rows


def _goods_back(plan: RefundPlan) -> tuple[ReturnDraft | None, list[Flag]]:
    """What goes onto the shelf or into the bin: as much as has not come back already without money."""
    sold = {line.id: line.taken_quantity for line in plan.whole.lines_left}
    wanted = [draft for draft in plan.draft.lines if draft.goods != NOTHING]
    came = returned_quantities(order_line_ids={draft.order_line_id for draft in wanted}) if wanted else {}
    parts, flags = [], []
    for draft in wanted:
        key = draft.order_line_id
        before = came.get(key, Decimal(0))
        quantity = min(draft.quantity, sold[key] - before)
        came[key] = before + quantity
        if quantity < draft.quantity:
            flags.append({"code": "goods_already_back", "pointer": "", "order_line_id": str(key)})
        if quantity > 0:
            parts.append(
                ReturnedLine(
                    order_line_id=key,
                    line_quantity=sold[key],
                    quantity=quantity,
                    is_waste=draft.goods == WASTE,
                    lot_id=draft.lot_id,
                )
            )
    if not parts:
        return None, flags
    made = ReturnDraft(
        id=plan.draft.id,
        order_id=plan.order.pk,
        location_id=plan.place.location_id,
        lines=tuple(parts),
        reason=plan.draft.reason,
        stated_at=plan.draft.at,
    )
    return made, flags


def _refunded(whole: WholeRefund) -> Refunded:
    refund = whole.refund
    return Refunded(
        number=whole.reference,
        of=whole.order_receipt or whole.order_reference or "",
        kind=refund.kind,
        register=whole.register_code,
        location=whole.location_code,
        currency=refund.currency,
        at=refund.at,
        business_date=refund.business_date,
        net_minor=refund.net_minor,
        tax_minor=refund.tax_minor,
        total_minor=refund.total_minor,
        tip_minor=refund.tip_minor,
        rounding_minor=refund.rounding_minor,
        lines=[
            RefundedLine(
                sku=each.sku,
                name=each.name,
                unit=each.unit,
                quantity=plain_quantity(each.row.quantity),
                total_minor=each.row.total_minor,
                net_minor=each.row.net_minor,
                tax_minor=each.row.tax_minor,
                goods=each.row.goods,
                taxes=each.row.taxes,
            )
            for each in whole.lines
        ],
        taxes=refund.taxes,
        tenders=[
            RefundedTender(
                code=each.tender_type,
                name=each.name,
                amount_minor=each.amount_minor,
                rounding_minor=each.amount_minor - each.given_minor,
            )
            for each in whole.money
        ],
        reason=refund.reason,
        employee=refund.employee_name,
        approver=refund.approver_name,
        flags=[flag["code"] for flag in refund.flags],
    )
