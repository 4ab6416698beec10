"""Giving money back without a receipt: nobody knows what was paid, so the merchant's rules say how far it goes.

Goods are worth what somebody says, or what they cost now; taxes go back as they are now. They come to the shelf as
an adjustment, because no sale is known that took them off it; what goes into the bin was never counted in.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import DomainError, FieldProblem
from fynlo.core.ids import new_id
from fynlo.core.money import Money, spell_money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from payments.tenders.kinds import CASH
from payments.tenders.queries import terms_of_kind
from payments.tenders.refunding import Paid
from pos.configuration import RefundsSection
from pos.events import RefundRecorded
from pos.inventory.models import StockMovement
from pos.inventory.services.happening import moment_of
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.settling import settle
from pos.orders.basket import SoldAt, price_basket
from pos.orders.drafts import LineDraft, QuoteDraft
from pos.orders.errors import PaymentIdConflict, ReceiptNeeded
from pos.orders.flags import Flag, clock_skew
from pos.orders.models import OrderLine, Refund, RefundLine
from pos.orders.oddities import check_currency
from pos.orders.refund_documents import LineTold, WholeRefund
from pos.orders.refund_drafts import LooseRefundDraft, RefundTenderDraft
from pos.orders.refund_policy import refund_policy
from pos.orders.refund_shares import Amounts, added
from pos.orders.refund_values import sold_amounts, stored_taxes
from pos.orders.rows import line_rows
from pos.orders.services.late_refunds import closed_session_of, record_late_refund
from pos.orders.services.refund_approvals import RECEIPTLESS, Asked, answer_for
from pos.orders.services.refund_money import MoneyPlan, plan_money
from pos.orders.services.refund_plan import place_of
from pos.orders.services.refund_rows import Facts, line_values
from pos.orders.services.refund_sending import check_sent
from pos.orders.services.refund_writing import told_money, write_books, write_money
from pos.orders.services.refunds import refund_before
from pos.pricing.cash import cash_rounding
from pos.registers.numbers import take_numbers
from pos.registers.queries import RegisterPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class LoosePlan:
    """A refund without a receipt, ready to be written."""

    draft: LooseRefundDraft
    actor: Actor
    place: RegisterPlace
    lines: tuple[OrderLine, ...]
    money: MoneyPlan
    policy: RefundsSection
    flags: tuple[Flag, ...]
    at: dt.datetime
    recorded_at: dt.datetime

    @property
    def amounts(self) -> Amounts:
        """What all of it is worth."""
        return added(sold_amounts(line) for line in self.lines)


def refund_without_receipt(*, draft: LooseRefundDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Give money back for goods, and return the refund's document. `at` is now. The same draft again is the same.

    What has happened (`draft.at`) is recorded and flagged. A question raises `ReceiptNeeded` for what the merchant
    does not allow and `ApprovalRequired` where somebody has to approve it. Raises `RefundIdConflict` and the errors
    of pricing and of `plan_money`.
    """
    known = refund_before(draft_id=draft.id, digest=draft.digest)
    if known is not None:
        return known
    try:
        return run_transaction(partial(_write, _plan(draft, actor, at)))
    except (DomainError, IntegrityError) as error:
        known = refund_before(draft_id=draft.id, digest=draft.digest)  # maybe by a twin of this request
        if known is not None:
            return known
        if isinstance(error, IntegrityError) and constraint(error).startswith("payments_refund_pkey"):
            raise PaymentIdConflict("Ids are made once and never used again.", pointer="/tenders") from error
        raise


def _plan(draft: LooseRefundDraft, actor: Actor, at: dt.datetime) -> LoosePlan:
    place = place_of(actor)
    # A clock that runs ahead is flagged: the money is out of the drawer.
    happened = moment_of(stated=None if draft.at is None else min(draft.at, at), at=at)
    currency = current_tenant().currency
    basket_draft = _goods(draft)
    check_currency(draft=basket_draft, currency=currency)
    sold = SoldAt(at=happened, time_zone=place.time_zone, location_id=place.location_id)
    basket = price_basket(draft=basket_draft, sold=sold, heard_at=at, currency=currency)
    lines = tuple(line_rows(order_id=None, basket=basket, line_ids=[None] * len(draft.lines)))
    total = added(sold_amounts(line) for line in lines).total_minor
    increment = basket.book.cash_increment

    def round_cash(due: int) -> int:
        return cash_rounding(due_minor=due, increment=increment).rounded_minor

    tenders = draft.tenders or _in_cash(round_cash(total), currency)
    worth = Paid(id=new_id(), tender_type="", kind="", amount_minor=total, handed_minor=total)
    money = plan_money(
        amount_minor=total,
        paid=[worth] if total else [],
        tenders=tenders if total else (),
        currency=currency,
        increment=increment,
        round_cash=round_cash,
        is_fact=draft.at is not None,
    )
    odd = check_sent(rows=money.rows, tenders=tenders, currency=currency, is_fact=draft.at is not None)
    policy = refund_policy()
    problems = list(_not_allowed(policy, total, tenders))
    if problems and draft.at is None:
        raise ReceiptNeeded(problems[0].detail, errors=problems)
    flags = [{"code": "refund_without_receipt", "pointer": problem.pointer} for problem in problems]
    return LoosePlan(
        draft=draft,
        actor=actor,
        place=place,
        lines=lines,
        money=money,
        policy=policy,
        flags=(*money.flags, *odd, *flags),
        at=happened,
        recorded_at=at,
    )


def _goods(draft: LooseRefundDraft) -> QuoteDraft:
    lines = tuple(
        LineDraft(id=new_id(), variant_id=each.variant_id, quantity=each.quantity, override=each.unit_price)
        for each in draft.lines
    )
    return QuoteDraft(lines=lines)


def _in_cash(amount_minor: int, currency: str) -> tuple[RefundTenderDraft, ...]:
    cash = terms_of_kind(kind=CASH)
    if cash is None:
        raise ReceiptNeeded("Say how the money is given back.", pointer="/tenders")
    return (RefundTenderDraft(id=new_id(), tender_type=cash.code, amount=Money(amount_minor, currency)),)


def _not_allowed(
    policy: RefundsSection, total_minor: int, tenders: tuple[RefundTenderDraft, ...]
) -> Iterator[FieldProblem]:
    rules = policy.receiptless
    if not rules.allowed:
        yield FieldProblem("", ReceiptNeeded.code, "Nothing is given back without a receipt here.")
        return
    if rules.max_minor is not None and total_minor > rules.max_minor:
        most = spell_money(rules.max_minor, current_tenant().currency)
        detail = f"Without a receipt at most {most} is given back."
        yield FieldProblem("/lines", ReceiptNeeded.code, detail)
    for index, tender in enumerate(tenders):
        if rules.tender_types and tender.tender_type not in rules.tender_types:
            detail = f"Without a receipt it is given back by {', '.join(rules.tender_types)}."
            yield FieldProblem(f"/tenders/{index}/tender_type", ReceiptNeeded.code, detail)


def _write(plan: LoosePlan) -> dict[str, Any]:
    total = plan.amounts.total_minor
    with unit_of_work():
        numbers = take_numbers(
            register_id=plan.place.id, receipts=1, refunded_minor=total, drawer_id=plan.draft.drawer_id
        )
        asked = Asked(
            actor=plan.actor,
            amount_minor=total,
            token=plan.draft.approval,
            subject_id=plan.draft.id,
            at=plan.recorded_at,
            is_fact=plan.draft.at is not None,
            sold_on=None,
            refunded_on=plan.place.business_date(plan.at),
            action=RECEIPTLESS,
        )
        approver, flags = answer_for(asked, plan.policy)
        late = closed_session_of(
            stated=plan.draft.at, happened=plan.at, register_id=plan.place.id, numbers=numbers
        )
        facts = Facts(
            number=numbers.receipt_number,
            drawer_id=numbers.drawer_id,
            session_id=numbers.session_id if late is None else late.session_id,
            approver=approver,
            flags=tuple(flags),
            digest=plan.draft.digest,
        )
        refund = _refund_row(plan, facts)
        lines = _lines(plan)
        whole = WholeRefund(
            refund=refund,
            register_code=plan.place.code,
            location_code=plan.place.location_code,
            lines=lines,
            money=told_money(plan.money, is_loose=True),
        )
        document = write_money(plan, facts, whole=whole, rows=lines, order_id=None)
        _goods_back(plan, refund)
        write_books(plan, whole=whole, amounts=plan.amounts)
        append(RefundRecorded(entity_id=refund.id, at=plan.at, state=document))
        if late is not None:
            record_late_refund(whole=whole, money=plan.money, late=late)
    return document


def _refund_row(plan: LoosePlan, facts: Facts) -> Refund:
    amounts, actor = plan.amounts, plan.actor
    odd = list(clock_skew(placed_at=plan.draft.at, at=plan.recorded_at)) if plan.draft.at else []
    if facts.session_id is None and any(row.terms.gives_change for row in plan.money.rows):
        odd.append({"code": "no_open_session", "pointer": ""})
    return Refund(
        id=plan.draft.id,
        kind="loose",
        register_id=plan.place.id,
        location_id=plan.place.location_id,
        session_id=facts.session_id,
        number=facts.number,
        currency=current_tenant().currency,
        net_minor=amounts.net_minor,
        tax_minor=amounts.tax_minor,
        total_minor=amounts.total_minor,
        amount_minor=amounts.total_minor,
        rounding_minor=plan.money.rounding_minor,
        paid_minor=amounts.total_minor,
        taxes=stored_taxes(amounts),
        reason=plan.draft.reason,
        device_id=actor.device_id,
        employee_id=actor.employee_id,
        employee_name=actor.name if actor.employee_id else "",
        approver_id=None if facts.approver is None else facts.approver.id,
        approver_name="" if facts.approver is None else facts.approver.name,
        at=plan.at,
        recorded_at=plan.recorded_at,
        business_date=plan.place.business_date(plan.at),
        flags=[*plan.flags, *facts.flags, *odd],
        digest=facts.digest,
    )


def _lines(plan: LoosePlan) -> list[LineTold]:
    told = []
    for position, (draft, line) in enumerate(zip(plan.draft.lines, plan.lines, strict=True)):
        amounts = sold_amounts(line)
        row = RefundLine(
            refund_id=plan.draft.id,
            position=position,
            variant_id=line.variant_id,
            line_quantity=line.quantity,
            quantity_before=Decimal(0),
            quantity=line.quantity,
            line_total_minor=amounts.total_minor,
            total_before_minor=0,
            goods=draft.goods,
            **line_values(amounts),
        )
        told.append(LineTold(row=row, sku=line.sku, name=line.name, unit=line.unit))
    return told


def _goods_back(plan: LoosePlan, refund: Refund) -> None:
    """What goes onto the shelf, in the order of the variants' keys."""
    came: dict[Any, Decimal] = {}
    for draft in plan.draft.lines:
        if draft.goods == "restock":
            came[draft.variant_id] = came.get(draft.variant_id, Decimal(0)) + draft.quantity
    if not came:
        return
    record_movements(
        cause=Cause(
            kind=StockMovement.ADJUSTMENT,
            location_id=refund.location_id,
            at=refund.at,
            business_date=refund.business_date,
            recorded_at=refund.recorded_at,
            employee_id=refund.employee_id,
            document_id=refund.id,
            reason="returned",
        ),
        changes=[StockChange(variant_id=key, quantity=quantity) for key, quantity in sorted(came.items())],
    )
    settle(levels={(refund.location_id, key) for key in came}, at=refund.recorded_at)
